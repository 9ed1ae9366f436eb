/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-module-page.h"

#include <glib/gi18n.h>

#include "stateroom-card.h"
#include "stateroom-format.h"
#include "stateroom-page-header.h"

#define SPACING  12
#define MAX_ROWS 100 /* that are listed; the others are only counted */

struct _StateroomModulePage
{
  AdwBin parent_instance;

  StateroomPageHeader *header;
  StateroomCard *card;
  StateroomFacts *facts;
  StateroomStatistics *statistics;
};

G_DEFINE_FINAL_TYPE (StateroomModulePage, stateroom_module_page, ADW_TYPE_BIN)

static void
stateroom_module_page_class_init (StateroomModulePageClass *klass)
{
}

static void
stateroom_module_page_init (StateroomModulePage *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, SPACING);

  adw_bin_set_child (ADW_BIN (self), box);
  self->header = STATEROOM_PAGE_HEADER (stateroom_page_header_new ());
  self->card = g_object_new (STATEROOM_TYPE_CARD, "title", _ ("Keys"), NULL);
  self->facts = STATEROOM_FACTS (stateroom_facts_new ());
  stateroom_facts_set_selectable (self->facts, FALSE);
  gtk_box_append (GTK_BOX (self->card), GTK_WIDGET (self->facts));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->header));
  self->statistics = STATEROOM_STATISTICS (stateroom_statistics_new ());
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->statistics));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->card));
}

static void
append_part (GString *text, char *part)
{
  if (part[0] != '\0')
    g_string_append_printf (text, text->len > 0 ? " · %s" : "%s", part);
  g_free (part);
}

/* "6×3×5×5 · float32 · cuda:1" for a tensor, "12 tensors · cuda:1" for a module. */
static char *
describe (CkptItem *item)
{
  GString *text = g_string_new (NULL);

  append_part (text, ckpt_item_dup_value (item));
  append_part (text, ckpt_item_dup_type (item));
  append_part (text, ckpt_item_dup_device (item));
  return g_string_free_and_steal (text);
}

static void
show_rows (StateroomModulePage *self, GListModel *rows)
{
  guint n = g_list_model_get_n_items (rows);
  g_autofree char *count = stateroom_format_count (n);

  stateroom_facts_clear (self->facts);
  for (guint i = 0; i < MIN (n, MAX_ROWS); i++)
    {
      g_autoptr (CkptItem) item = g_list_model_get_item (rows, i);
      g_autofree char *value = describe (item);

      stateroom_facts_add (self->facts, ckpt_item_get_label (item), value);
    }
  if (n > MAX_ROWS)
    {
      g_autofree char *more_count = stateroom_format_count (n - MAX_ROWS);
      g_autofree char *more = g_strdup_printf (ngettext ("and %s more", "and %s more", n - MAX_ROWS),
                                               more_count);

      stateroom_facts_add (self->facts, "", more);
    }
  stateroom_card_set_note (self->card, count);
}

static void
show_chips (StateroomModulePage *self, CkptItem *item)
{
  const CkptTotal *total = ckpt_item_get_total (item);
  g_autofree char *tensors = NULL, *count = NULL, *values = NULL, *size = NULL, *device = NULL;

  stateroom_page_header_clear_chips (self->header);
  if (total->n_tensors == 0)
    return;
  tensors = g_strdup_printf (ngettext ("%u tensor", "%u tensors", total->n_tensors), total->n_tensors);
  count = stateroom_format_short_count (total->n_values);
  values = g_strdup_printf (ngettext ("%s value", "%s values", (gulong) total->n_values), count);
  size = stateroom_format_bytes (total->n_bytes);
  device = ckpt_item_dup_device (item);
  stateroom_page_header_add_chip (self->header, tensors, NULL);
  stateroom_page_header_add_chip (self->header, values, _ ("Elements of all tensors, tied ones once"));
  stateroom_page_header_add_chip (self->header, size, _ ("Size of all storages, each once"));
  stateroom_page_header_add_chip (self->header, device, _ ("Device"));
}

/* A module by what its keys begin with, a range by its numbers; and the dict or list that it is a part of. */
static void
show_header (StateroomModulePage *self, CkptItem *item)
{
  g_autofree char *key = ckpt_item_dup_key (item);
  g_autofree char *title = stateroom_format_label (key);
  g_autofree char *path = ckpt_item_dup_path_text (item);
  g_autofree char *shown = stateroom_format_label (path);
  /* Translators: %s is a path: the keys that are shown are some of those there */
  g_autofree char *subtitle = g_strdup_printf (_ ("in %s"), shown);

  stateroom_page_header_set_title (self->header, title, g_str_equal (path, ".") ? NULL : subtitle);
}

/**
 * stateroom_module_page_show:
 * @survey: the statistics of the file
 * @item: a module, a range or a fold
 *
 * Shows what it holds.
 */
void
stateroom_module_page_show (StateroomModulePage *self, StateroomSurvey *survey, CkptItem *item)
{
  gboolean has_tensors = ckpt_item_has_tensors (item);

  g_return_if_fail (STATEROOM_IS_MODULE_PAGE (self));

  show_header (self, item);
  show_chips (self, item);
  show_rows (self, G_LIST_MODEL (item));
  /* All tensors are in the table of the statistics. */
  gtk_widget_set_visible (GTK_WIDGET (self->card), !has_tensors);
  if (has_tensors)
    stateroom_statistics_show_item (self->statistics, survey, item);
}

/**
 * stateroom_module_page_clear:
 *
 * Stops what is being worked out.
 */
void
stateroom_module_page_clear (StateroomModulePage *self)
{
  g_return_if_fail (STATEROOM_IS_MODULE_PAGE (self));

  stateroom_statistics_clear (self->statistics);
}

/**
 * stateroom_module_page_get_statistics:
 *
 * Returns: (transfer none): what is known of its tensors
 */
StateroomStatistics *
stateroom_module_page_get_statistics (StateroomModulePage *self)
{
  g_return_val_if_fail (STATEROOM_IS_MODULE_PAGE (self), NULL);

  return self->statistics;
}

/**
 * stateroom_module_page_get_facts:
 *
 * Returns: (transfer none): the list of the rows
 */
StateroomFacts *
stateroom_module_page_get_facts (StateroomModulePage *self)
{
  g_return_val_if_fail (STATEROOM_IS_MODULE_PAGE (self), NULL);

  return self->facts;
}
