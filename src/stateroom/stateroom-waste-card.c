/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-waste-card.h"

#include <glib/gi18n.h>

#include "stateroom-byte-strip.h"
#include "stateroom-card.h"
#include "stateroom-format.h"

#define MAX_STORAGES 12
#define MAX_VIEWS    4
#define SPACING      12

struct _StateroomWasteCard
{
  AdwBin parent_instance;

  StateroomCard *card;
  GtkBox *box;
  guint n;
};

enum
{
  ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (StateroomWasteCard, stateroom_waste_card, ADW_TYPE_BIN)

static void
stateroom_waste_card_class_init (StateroomWasteCardClass *klass)
{
  /**
   * StateroomWasteCard::activated:
   * @path: text form of the path of a value
   */
  signals[ACTIVATED] = g_signal_new ("activated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                     NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
stateroom_waste_card_init (StateroomWasteCard *self)
{
  self->card = g_object_new (STATEROOM_TYPE_CARD, "title", _ ("Wasted Bytes"), NULL);
  self->box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, SPACING));
  gtk_box_append (GTK_BOX (self->card), GTK_WIDGET (self->box));
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->card));
}

static void
append_label (GtkBox *box, const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  gtk_box_append (box, label);
}

/* "Storage 3: 12 MB of 16 MB are shown by no tensor" */
static char *
dup_title (CkptTree *tree, const CkptWaste *waste)
{
  g_autofree char *wasted = stateroom_format_bytes (waste->n_wasted);
  g_autofree char *size = stateroom_format_bytes (waste->n_bytes);
  g_autofree char *name = NULL;

  if (waste->storage != CKPT_NO_STORAGE)
    {
      name = stateroom_format_label (ckpt_tree_get_storage (tree, waste->storage)->key);
      /* Translators: a name, and two sizes */
      return g_strdup_printf (_ ("Storage %s: %s of %s are shown by no tensor"), name, wasted, size);
    }
  if (waste->record != CKPT_NO_RECORD)
    {
      const CkptRecord *record = ckpt_archive_get (ckpt_tree_get_archive (tree), waste->record);

      name = ckpt_text_escape (record->name, record->name_length, STATEROOM_MAX_LABEL);
    }
  /* Translators: a name, and two sizes */
  return g_strdup_printf (_ ("Record %s: %s of %s belong to nothing"), name != NULL ? name : "?", wasted,
                          size);
}

static void
on_view_clicked (StateroomWasteCard *self, GtkButton *button)
{
  g_signal_emit (self, signals[ACTIVATED], 0, g_object_get_data (G_OBJECT (button), "path"));
}

/* What the pointer or the focus is on is marked in the strip. */
static void
on_view_flags_changed (GtkWidget *button, GtkStateFlags before, StateroomByteStrip *strip)
{
  const CkptByteRange *range = g_object_get_data (G_OBJECT (button), "range");
  gboolean is_marked = gtk_widget_get_state_flags (button) &
                       (GTK_STATE_FLAG_PRELIGHT | GTK_STATE_FLAG_FOCUSED);

  stateroom_byte_strip_set_marked (strip, is_marked ? *range : (CkptByteRange) { 0, 0 });
}

static GtkWidget *
new_view (StateroomWasteCard *self, const CkptWasteView *view, GtkWidget *strip)
{
  g_autofree char *path = stateroom_format_label (view->path);
  GtkWidget *button = gtk_button_new (), *label = gtk_label_new (path);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_button_set_child (GTK_BUTTON (button), label);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "finding");
  g_object_set_data_full (G_OBJECT (button), "path", g_strdup (view->path), g_free);
  g_object_set_data_full (G_OBJECT (button), "range", g_memdup2 (&view->range, sizeof view->range), g_free);
  g_signal_connect_object (button, "clicked", G_CALLBACK (on_view_clicked), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (button, "state-flags-changed", G_CALLBACK (on_view_flags_changed), strip,
                           G_CONNECT_DEFAULT);
  return button;
}

static void
add_views (StateroomWasteCard *self, GtkBox *box, const CkptWaste *waste, GtkWidget *strip)
{
  guint n_shown = MIN (waste->views->len, MAX_VIEWS);
  g_autofree char *more = NULL;

  for (guint i = 0; i < n_shown; i++)
    gtk_box_append (box, new_view (self, g_ptr_array_index (waste->views, i), strip));
  if (waste->n_views <= n_shown)
    return;
  more = g_strdup_printf (ngettext ("and %u more", "and %u more", waste->n_views - n_shown),
                          waste->n_views - n_shown);
  append_label (box, more, "dimmed");
}

static void
add_waste (StateroomWasteCard *self, CkptTree *tree, const CkptWaste *waste)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, SPACING / 3);
  GtkWidget *strip = stateroom_byte_strip_new (waste->shown, waste->n_bytes);
  g_autofree char *title = dup_title (tree, waste);

  append_label (GTK_BOX (box), title, NULL);
  gtk_box_append (GTK_BOX (box), strip);
  add_views (self, GTK_BOX (box), waste, strip);
  gtk_box_append (self->box, box);
}

/**
 * stateroom_waste_card_set_waste:
 * @tree: a file
 * @wastes: (element-type CkptWaste): what ckpt_waste_list() found in it
 */
void
stateroom_waste_card_set_waste (StateroomWasteCard *self, CkptTree *tree, GPtrArray *wastes)
{
  guint n_shown = MIN (wastes->len, MAX_STORAGES);
  g_autofree char *size = NULL;
  guint64 n_wasted = 0;
  GtkWidget *child;

  g_return_if_fail (STATEROOM_IS_WASTE_CARD (self));

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->box))) != NULL)
    gtk_box_remove (self->box, child);
  self->n = wastes->len;
  for (guint i = 0; i < wastes->len; i++)
    n_wasted += ((const CkptWaste *) g_ptr_array_index (wastes, i))->n_wasted;
  for (guint i = 0; i < n_shown; i++)
    add_waste (self, tree, g_ptr_array_index (wastes, i));
  if (wastes->len > n_shown)
    {
      g_autofree char *more = g_strdup_printf (ngettext ("and %u more", "and %u more", wastes->len - n_shown),
                                               wastes->len - n_shown);

      append_label (self->box, more, "dimmed");
    }
  size = stateroom_format_bytes (n_wasted);
  stateroom_card_set_note (self->card, size);
}

/**
 * stateroom_waste_card_get_n:
 *
 * Returns: how many storages and records there are
 */
guint
stateroom_waste_card_get_n (StateroomWasteCard *self)
{
  g_return_val_if_fail (STATEROOM_IS_WASTE_CARD (self), 0);

  return self->n;
}
