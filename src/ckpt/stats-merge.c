/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "messages.h"
#include "stats.h"
#include "values.h"

/* Tensors in a value, by their numbers. */
typedef struct
{
  CkptPath *path;
  GArray *tensors;
} Group;

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

typedef struct
{
  Merge *merge;
  const Group *group;
} Row;

static void
group_free (gpointer data)
{
  Group *group = data;

  ckpt_path_free (group->path);
  g_array_unref (group->tensors);
  g_free (group);
}

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

static gboolean
add_tensor (const Item *item, gpointer user_data)
{
  Row *row = user_data;
  Merge *merge = row->merge;

  if (ckpt_tensor_get_unreadable (item->tree, item->tensor) != NULL)
    return TRUE;
  g_array_append_val (row->group->tensors, item->tensor->index);
  if (g_hash_table_add (merge->seen, GUINT_TO_POINTER (item->tensor->index)))
    g_array_append_val (merge->tensors, item->tensor->index);
  return TRUE;
}

/* Only values that hold tensors have a row. */
static void
add_group (Merge *self, CkptTree *tree, const CkptPath *path)
{
  Group *group = g_new (Group, 1);
  g_autofree char *text = ckpt_path_to_string (path, tree);
  Row row = { self, group };

  group->path = ckpt_path_copy (path);
  group->tensors = g_array_new (FALSE, FALSE, sizeof (guint32));
  listing_run (tree, path, LISTING_TENSORS, add_tensor, &row);
  if (group->tensors->len == 0)
    {
      group_free (group);
      return;
    }
  self->extent.path_width = MAX (self->extent.path_width, g_utf8_strlen (text, -1));
  self->extent.shape_width = MAX (self->extent.shape_width, 16);
  g_ptr_array_add (self->groups, group);
}

static gboolean
tell_error (const Item *item, gpointer user_data)
{
  Merge *self = user_data;
  guint32 index = item->tensor->index;
  const StatsResult *result;

  if (!g_hash_table_remove (self->seen, GUINT_TO_POINTER (index)))
    return TRUE;
  result = stats_run_wait (self->run, index);
  if (result != NULL && result->error != NULL)
    {
      message_value_error (self->stats->session->file, item->text, result->error);
      self->stats->has_failed = TRUE;
    }
  return TRUE;
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

static gboolean
add_row (const Item *item, gpointer user_data)
{
  Row *row = user_data;
  Merge *merge = row->merge;
  const GArray *tensors = row->group->tensors;
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
  return TRUE;
}

static void
tell_groups (Merge *self, CkptTree *tree)
{
  Stats *stats = self->stats;

  for (guint i = 0; i < self->groups->len; i++)
    listing_run (tree, ((Group *) self->groups->pdata[i])->path, LISTING_TENSORS, tell_error, self);
  stats->writer->begin (stats, &self->extent);
  for (guint i = 0; i < self->groups->len && !output_has_failed (stats->session->output); i++)
    {
      Row row = { self, self->groups->pdata[i] };

      listing_item (tree, row.group->path, add_row, &row);
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
  g_autoptr (GPtrArray) groups = g_ptr_array_new_with_free_func (group_free);
  g_autoptr (GArray) tensors = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  g_autoptr (Progress) progress = progress_new (self->session->file);
  g_autoptr (StatsRun) run = NULL;
  Merge merge = { self, survey, NULL, groups, tensors, seen };

  if (matches == NULL)
    return FALSE;
  for (guint i = 0; i < matches->len; i++)
    add_group (&merge, tree, matches->pdata[i]);
  merge.run = run = stats_run_new (survey, tensors, FALSE, progress);
  stats_run_wait_all (run);
  progress_pause (progress);
  tell_groups (&merge, tree);
  progress_resume (progress);
  return TRUE;
}
