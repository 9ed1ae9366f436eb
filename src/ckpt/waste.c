/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "waste.h"

#include <string.h>

#include <glib/gi18n.h>

#include "table.h"

/* So many storages are listed as text, and so many of the views of each. */
#define MAX_STORAGES 20
#define MAX_VIEWS    3

static const char *
get_record_name (CkptTree *tree, const CkptWaste *waste)
{
  return waste->record != CKPT_NO_RECORD
             ? ckpt_archive_get (ckpt_tree_get_archive (tree), waste->record)->name
             : NULL;
}

/* The storage by its key, else the record by its name. */
static char *
dup_name (CkptTree *tree, const CkptWaste *waste)
{
  const char *name = waste->storage != CKPT_NO_STORAGE ? ckpt_tree_get_storage (tree, waste->storage)->key
                                                       : get_record_name (tree, waste);

  return ckpt_text_escape (name, strlen (name), 40);
}

static char *
dup_views (const CkptWaste *waste)
{
  GString *text = g_string_new (NULL);
  guint n = MIN (waste->views->len, MAX_VIEWS);

  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "",
                            ((CkptWasteView *) waste->views->pdata[i])->path);
  if (waste->n_views > n)
    g_string_append_printf (text, ngettext (" and %u more", " and %u more", waste->n_views - n),
                            waste->n_views - n);
  return g_string_free_and_steal (text);
}

/**
 * waste_print:
 *
 * Lists the storages of which most is wasted, and what keeps them in the file.
 */
void
waste_print (Output *output, CkptTree *tree)
{
  g_autoptr (GPtrArray) wastes = ckpt_waste_list (tree);
  g_autoptr (Table) table = table_new (output, 4, "  ");

  if (wastes->len == 0)
    return;
  output_text (output, "\n");
  table_set_right (table, 1);
  table_set_right (table, 2);
  table_add (table, (const char *[]) { _ ("storage"), _ ("bytes"), _ ("wasted"), _ ("shown by") });
  for (guint i = 0; i < MIN (wastes->len, MAX_STORAGES); i++)
    {
      const CkptWaste *waste = wastes->pdata[i];
      g_autofree char *name = dup_name (tree, waste);
      g_autofree char *n_bytes = ckpt_text_bytes (waste->n_bytes);
      g_autofree char *n_wasted = ckpt_text_bytes (waste->n_wasted);
      g_autofree char *views = dup_views (waste);

      table_add (table, (const char *[]) { name, n_bytes, n_wasted, views });
    }
  table_print (table);
  if (wastes->len > MAX_STORAGES)
    output_printf (output, _ ("  and %u more\n"), wastes->len - MAX_STORAGES);
}

static void
add_range (yyjson_mut_doc *doc, yyjson_mut_val *object, const CkptByteRange *range)
{
  yyjson_mut_obj_add_uint (doc, object, "first", range->first);
  yyjson_mut_obj_add_uint (doc, object, "end", range->end);
}

static void
add_waste (yyjson_mut_doc *doc, yyjson_mut_val *object, CkptTree *tree, const CkptWaste *waste)
{
  yyjson_mut_val *shown, *views;

  json_add_text (doc, object, "storage",
                 waste->storage != CKPT_NO_STORAGE ? ckpt_tree_get_storage (tree, waste->storage)->key
                                                   : NULL);
  json_add_text (doc, object, "record", get_record_name (tree, waste));
  yyjson_mut_obj_add_uint (doc, object, "bytes", waste->n_bytes);
  yyjson_mut_obj_add_uint (doc, object, "wasted_bytes", waste->n_wasted);
  shown = yyjson_mut_obj_add_arr (doc, object, "shown");
  for (guint i = 0; i < waste->shown->len; i++)
    add_range (doc, yyjson_mut_arr_add_obj (doc, shown), &g_array_index (waste->shown, CkptByteRange, i));
  views = yyjson_mut_obj_add_arr (doc, object, "views");
  for (guint i = 0; i < waste->views->len; i++)
    {
      const CkptWasteView *view = waste->views->pdata[i];
      yyjson_mut_val *value = yyjson_mut_arr_add_obj (doc, views);

      json_add_text (doc, value, "path", view->path);
      add_range (doc, value, &view->range);
    }
  yyjson_mut_obj_add_uint (doc, object, "views_in_all", waste->n_views);
}

/**
 * waste_write:
 *
 * Writes the same as the member "wasted", all of it.
 */
void
waste_write (JsonStream *json, CkptTree *tree, const CkptSummary *summary)
{
  g_autoptr (GPtrArray) wastes = summary->n_wasted_bytes > 0 ? ckpt_waste_list (tree) : g_ptr_array_new ();

  json_stream_begin_array (json, "wasted");
  for (guint i = 0; i < wastes->len; i++)
    {
      g_autoptr (yyjson_mut_doc) doc = yyjson_mut_doc_new (NULL);
      yyjson_mut_val *object = yyjson_mut_obj (doc);

      add_waste (doc, object, tree, wastes->pdata[i]);
      json_stream_value (json, NULL, object);
    }
  json_stream_end (json);
}
