/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot-subject.h"

#include <math.h>
#include <string.h>

#include <glib/gi18n.h>

#include "listing.h"
#include "values.h"

#define MAX_NAME 200

/* Sketches that are kept before they become one: there may be very many, and each merge takes as long as the result is large. */
#define MAX_SKETCHES 64

static void
unref_sketch (gpointer data)
{
  ckpt_sketch_unref (data);
}

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

static void
add_member (PlotSubject *self, guint32 tensor, char *name)
{
  const CkptPlotBox box = { 0 };

  g_array_append_val (self->tensors, tensor);
  g_ptr_array_add (self->names, name);
  g_array_append_val (self->boxes, box);
  g_hash_table_insert (self->places, GUINT_TO_POINTER (tensor), GUINT_TO_POINTER (self->tensors->len));
}

static gboolean
add_tensor (const Item *item, gpointer user_data)
{
  Finder *self = user_data;

  if (item->tensor == NULL || item->same_as != NULL ||
      ckpt_tensor_get_unreadable (item->tree, item->tensor) != NULL)
    return TRUE;

  add_member (self->subject, item->tensor->index, join_labels (item, self->base));
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
  self->places = g_hash_table_new (NULL, NULL);
  self->boxes = g_array_new (FALSE, FALSE, sizeof (CkptPlotBox));
  self->sketches = g_ptr_array_new_with_free_func (unref_sketch);
  self->tensor = ckpt_tree_get_node_tensor (tree, ckpt_path_get_node (resolved, tree));
  if (self->tensor == NULL)
    return find_tensors (self, tree, resolved, error) ? g_steal_pointer (&self) : NULL;

  if (!tensor_check_readable (tree, self->tensor, error))
    return NULL;
  add_member (self, self->tensor->index, g_strdup (self->name));
  return g_steal_pointer (&self);
}

void
plot_subject_free (PlotSubject *self)
{
  g_free (self->name);
  g_clear_pointer (&self->tensors, g_array_unref);
  g_clear_pointer (&self->names, g_ptr_array_unref);
  g_clear_pointer (&self->places, g_hash_table_unref);
  g_clear_pointer (&self->boxes, g_array_unref);
  g_clear_pointer (&self->sketches, g_ptr_array_unref);
  g_free (self);
}

static double
get_percentile (const CkptProfile *profile, double percent)
{
  return profile->sketch != NULL ? ckpt_sketch_get_quantile (profile->sketch, percent / 100, NULL) : NAN;
}

static void
fill_box (CkptPlotBox *box, const char *name, const CkptProfile *profile)
{
  const CkptStats *stats = &profile->stats;

  box->name = name;
  box->n = stats->n;
  box->n_nan = stats->n_nan;
  box->n_inf = stats->n_pos_inf + stats->n_neg_inf;
  box->min = stats->n_finite > 0 ? stats->min : NAN;
  box->p1 = get_percentile (profile, 1);
  box->p25 = get_percentile (profile, 25);
  box->median = get_percentile (profile, 50);
  box->p75 = get_percentile (profile, 75);
  box->p99 = get_percentile (profile, 99);
  box->max = stats->n_finite > 0 ? stats->max : NAN;
}

/**
 * plot_subject_merge_sketches:
 *
 * Returns: (transfer none) (nullable): how the values of all its tensors are spread, as far as they were told; NULL if none are finite
 */
CkptSketch *
plot_subject_merge_sketches (PlotSubject *self)
{
  CkptSketch *merged;

  if (self->sketches->len > 1)
    {
      merged = ckpt_sketch_merge ((CkptSketch *const *) self->sketches->pdata, self->sketches->len);
      g_ptr_array_set_size (self->sketches, 0);
      g_ptr_array_add (self->sketches, merged);
    }
  return self->sketches->len > 0 ? self->sketches->pdata[0] : NULL;
}

/**
 * plot_subject_tell:
 * @tensor: a tensor, of this subject or of another one
 * @profile: what was found in it
 */
void
plot_subject_tell (PlotSubject *self, guint32 tensor, CkptProfile *profile)
{
  guint place = GPOINTER_TO_UINT (g_hash_table_lookup (self->places, GUINT_TO_POINTER (tensor)));

  if (place == 0)
    return;
  fill_box (&g_array_index (self->boxes, CkptPlotBox, place - 1), self->names->pdata[place - 1], profile);
  if (profile->sketch != NULL)
    g_ptr_array_add (self->sketches, ckpt_sketch_ref (profile->sketch));
  if (self->sketches->len >= MAX_SKETCHES)
    plot_subject_merge_sketches (self);
}
