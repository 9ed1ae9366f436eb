/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "changes.h"

#include <string.h>

#include <glib/gi18n.h>

/**
 * changes_init:
 *
 * Begins with no edits.
 */
void
changes_init (Changes *self)
{
  self->edits = ckpt_recipe_new ();
  self->effects = g_ptr_array_new_with_free_func ((GDestroyNotify) ckpt_effect_free);
}

/**
 * changes_clear:
 *
 * Forgets them.
 */
void
changes_clear (Changes *self)
{
  g_clear_pointer (&self->edits, g_ptr_array_unref);
  g_clear_pointer (&self->effects, g_ptr_array_unref);
}

/**
 * changes_apply:
 * @edits: (element-type CkptEdit): what to do
 * @tree: what to do it to
 *
 * Does edits, one after the other.
 *
 * Returns: (transfer full): the changed tree, or NULL with an error that says which edit failed
 */
CkptTree *
changes_apply (Changes *self, GPtrArray *edits, CkptTree *tree, GError **error)
{
  g_autoptr (CkptTree) current = ckpt_tree_ref (tree);

  for (guint i = 0; i < edits->len; i++)
    {
      CkptEffect *effect = ckpt_effect_new ();
      g_autoptr (CkptTree) next = NULL;

      g_ptr_array_add (self->edits, ckpt_edit_ref (edits->pdata[i]));
      g_ptr_array_add (self->effects, effect);
      next = ckpt_edit_apply (edits->pdata[i], current, effect, NULL, error);
      if (next == NULL)
        {
          g_prefix_error (error, "%s: ", ckpt_edit_get_verb (edits->pdata[i])->name);
          return NULL;
        }
      g_clear_pointer (&current, ckpt_tree_unref);
      current = g_steal_pointer (&next);
    }
  return g_steal_pointer (&current);
}

static void
print_text (Output *output, const char *indent, const char *text)
{
  g_autofree char *shown = ckpt_text_escape (text, strlen (text), 0);

  output_printf (output, "%s%s", indent, shown);
}

static void
print_changes (const CkptEffect *effect, Output *output)
{
  for (guint i = 0; i < effect->changes->len; i++)
    {
      const CkptChange *change = &g_array_index (effect->changes, CkptChange, i);

      print_text (output, change->after != NULL ? "  " : _ ("  without "), change->before);
      if (change->after != NULL)
        print_text (output, " → ", change->after);
      output_text (output, "\n");
    }
  if (effect->changes->len >= CKPT_EFFECT_MAX_LISTED)
    output_printf (output, "  …\n");
}

/**
 * changes_print:
 * @in_full: whether to list each change
 *
 * Tells a person what was done.
 */
void
changes_print (const Changes *self, gboolean in_full, Output *output)
{
  for (guint i = 0; i < self->effects->len; i++)
    {
      const CkptEffect *effect = self->effects->pdata[i];

      if (effect->n == 0)
        output_printf (output, _ ("Nothing to do for %s\n"),
                       ckpt_edit_get_verb (self->edits->pdata[i])->name);
      else
        output_printf (output, "%s\n", effect->title);
      if (in_full)
        print_changes (effect, output);
      for (guint j = 0; j < effect->notes->len; j++)
        output_printf (output, "  %s\n", (const char *) effect->notes->pdata[j]);
    }
}

static yyjson_mut_val *
list_changes (yyjson_mut_doc *doc, const CkptEffect *effect)
{
  yyjson_mut_val *list = yyjson_mut_arr (doc);

  for (guint i = 0; i < effect->changes->len; i++)
    {
      const CkptChange *change = &g_array_index (effect->changes, CkptChange, i);
      yyjson_mut_val *object = yyjson_mut_arr_add_obj (doc, list);

      json_add_text (doc, object, "before", change->before);
      json_add_text (doc, object, "after", change->after);
    }
  return list;
}

/**
 * changes_list_notes:
 * @notes: (element-type utf8): sentences
 *
 * Returns: the array of them
 */
yyjson_mut_val *
changes_list_notes (yyjson_mut_doc *doc, GPtrArray *notes)
{
  yyjson_mut_val *list = yyjson_mut_arr (doc);

  for (guint i = 0; i < notes->len; i++)
    yyjson_mut_arr_add_val (list, json_text (doc, notes->pdata[i], strlen (notes->pdata[i])));
  return list;
}

/**
 * changes_to_json:
 *
 * Writes the member `edits` of a file's object.
 */
void
changes_to_json (const Changes *self, JsonStream *json)
{
  json_stream_begin_array (json, "edits");
  for (guint i = 0; i < self->effects->len; i++)
    {
      CkptEffect *effect = self->effects->pdata[i];
      g_autoptr (yyjson_mut_doc) doc = yyjson_mut_doc_new (NULL);
      g_autofree char *line = ckpt_edit_to_string (self->edits->pdata[i]);
      yyjson_mut_val *object = yyjson_mut_obj (doc);

      json_add_text (doc, object, "edit", line);
      json_add_text (doc, object, "title", effect->n > 0 ? effect->title : NULL);
      yyjson_mut_obj_add_uint (doc, object, "count", effect->n);
      yyjson_mut_obj_add_sint (doc, object, "bytes", effect->n > 0 ? ckpt_effect_get_bytes (effect) : 0);
      yyjson_mut_obj_add_val (doc, object, "changes", list_changes (doc, effect));
      yyjson_mut_obj_add_val (doc, object, "notes", changes_list_notes (doc, effect->notes));
      json_stream_value (json, NULL, object);
    }
  json_stream_end (json);
}
