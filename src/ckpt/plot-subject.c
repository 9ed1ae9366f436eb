/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot-subject.h"

#include <string.h>

#include <glib/gi18n.h>

#include "listing.h"
#include "values.h"

#define MAX_NAME 200

typedef struct
{
  PlotSubject *subject;
  guint base; /* steps to the value whose tensors are listed */
} Finder;

static char *
join_labels (const Item *item, guint base)
{
  g_autoptr (GString) name = g_string_new (NULL);

  for (guint i = base; i < ckpt_path_get_length (item->path); i++)
    {
      g_autofree char *label = ckpt_path_step_to_label (item->tree, ckpt_path_get_step (item->path, i));

      g_string_append_printf (name, "%s%s", name->len > 0 ? "/" : "", label);
    }
  return g_string_free_and_steal (g_steal_pointer (&name));
}

static gboolean
add_tensor (const Item *item, gpointer user_data)
{
  Finder *self = user_data;

  if (item->tensor == NULL || item->same_as != NULL ||
      ckpt_tensor_get_unreadable (item->tree, item->tensor) != NULL)
    return TRUE;

  g_array_append_val (self->subject->tensors, item->tensor->index);
  g_ptr_array_add (self->subject->names, join_labels (item, self->base));
  return TRUE;
}

static gboolean
find_tensors (PlotSubject *self, CkptTree *tree, const CkptPath *path, GError **error)
{
  Finder finder = { self, ckpt_path_get_length (path) };

  listing_run (tree, path, LISTING_TENSORS, add_tensor, &finder);
  if (self->tensors->len > 0)
    return TRUE;
  return ckpt_error_set (error, CKPT_ERROR_UNSUPPORTED, "no-tensors",
                         _ ("There are no tensors whose values can be drawn."));
}

/**
 * plot_subject_new:
 * @path: what the user gave
 *
 * Returns: (transfer full): what it leads to; NULL with CKPT_ERROR_NO_SUCH_PATH, or CKPT_ERROR_UNSUPPORTED if there is nothing to draw
 */
PlotSubject *
plot_subject_new (CkptTree *tree, const char *path, GError **error)
{
  g_autoptr (CkptPath) resolved = ckpt_path_resolve (tree, path, error);
  g_autoptr (PlotSubject) self = NULL;

  if (resolved == NULL)
    return NULL;

  self = g_new0 (PlotSubject, 1);
  self->name = ckpt_text_escape (path, strlen (path), MAX_NAME);
  self->tensors = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->names = g_ptr_array_new_with_free_func (g_free);
  self->tensor = ckpt_tree_get_node_tensor (tree, ckpt_path_get_node (resolved, tree));
  if (self->tensor == NULL)
    return find_tensors (self, tree, resolved, error) ? g_steal_pointer (&self) : NULL;

  if (!tensor_check_readable (tree, self->tensor, error))
    return NULL;
  g_array_append_val (self->tensors, self->tensor->index);
  g_ptr_array_add (self->names, g_strdup (self->name));
  return g_steal_pointer (&self);
}

void
plot_subject_free (PlotSubject *self)
{
  g_free (self->name);
  g_clear_pointer (&self->tensors, g_array_unref);
  g_clear_pointer (&self->names, g_ptr_array_unref);
  g_free (self);
}
