/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "messages.h"
#include "sharing.h"
#include "stats-groups.h"
#include "stats.h"
#include "values.h"

/* "123,456 tensors" */
#define SHAPE_WIDTH 15

/* A file of which groups are told. */
typedef struct
{
  Stats *stats;
  CkptSurvey *survey;
  StatsRun *run;
  GPtrArray *groups;
  GArray *tensors;  /* of all groups */
  GHashTable *seen; /* of those not yet told about */
  StatsExtent extent;
} Merge;

/**
 * stats_find_matches:
 *
 * Returns: (transfer full) (element-type CkptPath): the values that are wanted, or NULL with CKPT_ERROR_NO_SUCH_PATH if a pattern
 *   matches nothing
 */
GPtrArray *
stats_find_matches (Stats *self, CkptTree *tree, GError **error)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify) ckpt_path_free);

  if (self->n_patterns == 0)
    g_ptr_array_add (all, ckpt_path_new ());
  for (guint i = 0; i < self->n_patterns; i++)
    {
      g_autoptr (GPtrArray) matches = ckpt_tree_match (tree, self->patterns[i], error);

      if (matches == NULL)
        return NULL;
      for (guint j = 0; j < matches->len; j++)
        g_ptr_array_add (all, ckpt_path_copy (matches->pdata[j]));
    }
  return g_steal_pointer (&all);
}

/* Each tensor is read once, in however many groups it is. */
static void
list_tensors (Merge *self, CkptTree *tree)
{
  for (guint i = 0; i < self->groups->len; i++)
    {
      const StatsGroup *group = self->groups->pdata[i];
      g_autofree char *text = group->glob == NULL ? ckpt_path_to_string (group->path, tree)
                                                  : g_strdup (group->glob);

      self->extent.path_width = MAX (self->extent.path_width, g_utf8_strlen (text, -1));
      for (guint j = 0; j < group->tensors->len; j++)
        {
          guint32 index = g_array_index (group->tensors, guint32, j);
          const CkptTensor *tensor = ckpt_tree_get_tensor (tree, index);

          self->extent.dtype_width = MAX (self->extent.dtype_width,
                                          strlen (ckpt_dtype_get_name (tensor->dtype)));
          self->extent.numel = MAX (self->extent.numel, tensor->numel);
          if (g_hash_table_add (self->seen, GUINT_TO_POINTER (index)))
            g_array_append_val (self->tensors, index);
        }
    }
  self->extent.shape_width = SHAPE_WIDTH;
}

static void
tell_error (Merge *self, guint32 index, const char *path)
{
  const StatsResult *result;

  if (!g_hash_table_remove (self->seen, GUINT_TO_POINTER (index)))
    return;
  result = stats_run_wait (self->run, index);
  if (result == NULL || result->error == NULL)
    return;
  message_value_error (self->stats->session->file, path, result->error);
  self->stats->has_failed = TRUE;
}

static gboolean
on_tensor (const Item *item, gpointer user_data)
{
  tell_error (user_data, item->tensor->index, item->text);
  return TRUE;
}

/* With their paths, as far as a listing comes to them. */
static void
tell_errors (Merge *self, CkptTree *tree)
{
  g_autoptr (CkptPath) root = ckpt_path_new ();

  listing_run (tree, root, LISTING_TENSORS, on_tensor, self);
  for (guint i = 0; i < self->tensors->len; i++)
    tell_error (self, g_array_index (self->tensors, guint32, i), NULL);
}

static CkptHistogram *
make_histogram (const Merge *self, const CkptProfile *profile)
{
  const CkptScale linear = { CKPT_SCALE_LINEAR, 1 };
  double low, high;
  guint n_bins;

  if (self->stats->n_bins == 0 || profile->sketch == NULL ||
      !ckpt_profile_get_default_range (profile, self->stats->n_bins, &low, &high, &n_bins))
    return NULL;
  return ckpt_sketch_get_histogram (profile->sketch, &linear, low, high, n_bins);
}

static void
add_row (Merge *merge, const StatsGroup *group, const Item *item)
{
  const GArray *tensors = group->tensors;
  g_autoptr (CkptProfile)
      profile = ckpt_survey_merge (merge->survey, (const guint32 *) tensors->data, tensors->len);
  g_autoptr (CkptHistogram) histogram = NULL;
  StatsResult result;
  StatsRow told = { .item = item, .n_tensors = tensors->len };

  if (profile != NULL)
    {
      stats_result_init (&result, profile, merge->stats->wants_percentiles);
      told.result = &result;
      told.histogram = histogram = make_histogram (merge, profile);
    }
  merge->stats->writer->add (merge->stats, &told);
}

static void
add_value_row (Merge *self, CkptTree *tree, const StatsGroup *group, Sharing *sharing)
{
  g_autofree char *text = ckpt_path_to_string (group->path, tree);
  CkptNodeId node = ckpt_path_get_node (group->path, tree);
  Item item = {
    .tree = tree,
    .path = group->path,
    .text = text,
    .node = node,
    .kind = ckpt_tree_get_kind (tree, node),
    .tensor = ckpt_tree_get_node_tensor (tree, node),
    .storage = ckpt_tree_get_node_storage (tree, node),
    .same_as = sharing_get_first (sharing, node, text),
  };

  add_row (self, group, &item);
}

static void
tell_groups (Merge *self, CkptTree *tree)
{
  Stats *stats = self->stats;
  g_autoptr (Sharing) sharing = sharing_new (tree);

  tell_errors (self, tree);
  stats->writer->begin (stats, &self->extent);
  for (guint i = 0; i < self->groups->len && !output_has_failed (stats->session->output); i++)
    {
      const StatsGroup *group = self->groups->pdata[i];
      Item part = { .tree = tree, .text = group->glob, .node = CKPT_NO_NODE };

      if (group->glob != NULL)
        add_row (self, group, &part);
      else
        add_value_row (self, tree, group, sharing);
    }
  if (stats->writer->end != NULL)
    stats->writer->end (stats);
}

/**
 * stats_show_merged:
 *
 * Tells the figures of all tensors in each value that is wanted.
 *
 * Returns: FALSE with CKPT_ERROR_NO_SUCH_PATH if a pattern matches nothing
 */
gboolean
stats_show_merged (Stats *self, CkptTree *tree, GError **error)
{
  g_autoptr (GPtrArray) matches = stats_find_matches (self, tree, error);
  g_autoptr (CkptSurvey) survey = ckpt_survey_new (tree, self->n_threads);
  g_autoptr (GPtrArray) groups = stats_groups_new ();
  g_autoptr (GArray) tensors = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  g_autoptr (Progress) progress = progress_new (self->session->file);
  g_autoptr (StatsRun) run = NULL;
  Merge merge = { self, survey, NULL, groups, tensors, seen };

  if (matches == NULL)
    return FALSE;
  for (guint i = 0; i < matches->len; i++)
    stats_groups_add (groups, tree, matches->pdata[i], self->depth);
  list_tensors (&merge, tree);
  merge.run = run = stats_run_new (survey, tensors, FALSE, progress);
  stats_run_wait_all (run);
  progress_pause (progress);
  tell_groups (&merge, tree);
  progress_resume (progress);
  return TRUE;
}
