/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-page-header.h"

#include "stateroom-format.h"

#include <glib/gi18n.h>

#define SPACING 6

struct _StateroomPageHeader
{
  GtkBox parent_instance;

  GtkLabel *title;
  GtkBox *path_box;
  GtkLabel *subtitle;
  GtkButton *copy_button;
  char *path_text;
  AdwWrapBox *chips;
};

G_DEFINE_FINAL_TYPE (StateroomPageHeader, stateroom_page_header, GTK_TYPE_BOX)

static void
on_copy_clicked (StateroomPageHeader *self)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), self->path_text);
}

static void
stateroom_page_header_finalize (GObject *object)
{
  StateroomPageHeader *self = STATEROOM_PAGE_HEADER (object);

  g_free (self->path_text);
  G_OBJECT_CLASS (stateroom_page_header_parent_class)->finalize (object);
}

static void
stateroom_page_header_class_init (StateroomPageHeaderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = stateroom_page_header_finalize;
}

static void
add_path_box (StateroomPageHeader *self)
{
  self->path_box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, SPACING));
  self->subtitle = GTK_LABEL (g_object_new (GTK_TYPE_LABEL, "xalign", 0.0f, "ellipsize",
                                            PANGO_ELLIPSIZE_MIDDLE, "selectable", TRUE, NULL));
  gtk_widget_add_css_class (GTK_WIDGET (self->subtitle), "dimmed");
  self->copy_button = GTK_BUTTON (gtk_button_new_from_icon_name ("edit-copy-symbolic"));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->copy_button), _ ("Copy Path"));
  gtk_widget_add_css_class (GTK_WIDGET (self->copy_button), "flat");
  gtk_widget_add_css_class (GTK_WIDGET (self->copy_button), "inspector-small");
  gtk_widget_set_valign (GTK_WIDGET (self->copy_button), GTK_ALIGN_CENTER);
  g_signal_connect_swapped (self->copy_button, "clicked", G_CALLBACK (on_copy_clicked), self);
  gtk_box_append (self->path_box, GTK_WIDGET (self->subtitle));
  gtk_box_append (self->path_box, GTK_WIDGET (self->copy_button));
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->path_box));
}

static void
stateroom_page_header_init (StateroomPageHeader *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), SPACING / 2);

  self->title = GTK_LABEL (g_object_new (GTK_TYPE_LABEL, "xalign", 0.0f, "wrap", TRUE, "wrap-mode",
                                         PANGO_WRAP_WORD_CHAR, "lines", 3, "ellipsize", PANGO_ELLIPSIZE_END,
                                         "accessible-role", GTK_ACCESSIBLE_ROLE_HEADING, NULL));
  gtk_widget_add_css_class (GTK_WIDGET (self->title), "title-2");
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->title));
  add_path_box (self);

  self->chips = ADW_WRAP_BOX (adw_wrap_box_new ());
  adw_wrap_box_set_child_spacing (self->chips, SPACING);
  adw_wrap_box_set_line_spacing (self->chips, SPACING);
  gtk_widget_set_margin_top (GTK_WIDGET (self->chips), SPACING);
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->chips));
}

/**
 * stateroom_page_header_new:
 *
 * Returns: (transfer floating): an empty header
 */
GtkWidget *
stateroom_page_header_new (void)
{
  return g_object_new (STATEROOM_TYPE_PAGE_HEADER, NULL);
}

/**
 * stateroom_page_header_set_title:
 * @title: what is selected; text of a file must be escaped already
 * @subtitle: (nullable): a line below it
 */
void
stateroom_page_header_set_title (StateroomPageHeader *self, const char *title, const char *subtitle)
{
  g_clear_pointer (&self->path_text, g_free);
  gtk_label_set_text (self->title, title);
  gtk_label_set_text (self->subtitle, subtitle != NULL ? subtitle : "");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->subtitle), NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->path_box), subtitle != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->copy_button), FALSE);
}

/**
 * stateroom_page_header_set_path:
 * @path: the value that is selected
 *
 * Shows the last step as the title and the whole path below it.
 */
void
stateroom_page_header_set_path (StateroomPageHeader *self, CkptTree *tree, const CkptPath *path)
{
  g_autofree char *text = ckpt_path_to_string (path, tree);
  g_autofree char *title = NULL;
  g_autofree char *short_text = NULL;

  if (ckpt_path_get_length (path) == 0)
    {
      stateroom_page_header_set_title (self, _ ("Content of the File"), NULL);
      return;
    }
  title = stateroom_format_step (tree, path);
  short_text = stateroom_format_label (text);
  stateroom_page_header_set_title (self, title, short_text);
  self->path_text = g_steal_pointer (&text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->subtitle), short_text);
  gtk_widget_set_visible (GTK_WIDGET (self->copy_button), TRUE);
}

/**
 * stateroom_page_header_clear_chips:
 *
 * Takes all chips away.
 */
void
stateroom_page_header_clear_chips (StateroomPageHeader *self)
{
  GtkWidget *chip;

  while ((chip = gtk_widget_get_first_child (GTK_WIDGET (self->chips))) != NULL)
    adw_wrap_box_remove (self->chips, chip);
  gtk_widget_set_visible (GTK_WIDGET (self->chips), FALSE);
}

/**
 * stateroom_page_header_add_chip:
 * @text: (nullable): a word or two; nothing is added for %NULL
 * @tooltip: (nullable): what it means
 */
void
stateroom_page_header_add_chip (StateroomPageHeader *self, const char *text, const char *tooltip)
{
  g_autofree char *label = text != NULL ? stateroom_format_label (text) : NULL;
  GtkWidget *chip;

  if (label == NULL)
    return;
  chip = g_object_new (GTK_TYPE_LABEL, "label", label, "tooltip-text", tooltip, "ellipsize",
                       PANGO_ELLIPSIZE_END, NULL);
  gtk_widget_add_css_class (chip, "chip");
  gtk_widget_add_css_class (chip, "numeric");
  adw_wrap_box_append (self->chips, chip);
  gtk_widget_set_visible (GTK_WIDGET (self->chips), TRUE);
}

/**
 * stateroom_page_header_get_title:
 *
 * Returns: (transfer none): the title
 */
const char *
stateroom_page_header_get_title (StateroomPageHeader *self)
{
  return gtk_label_get_text (self->title);
}
