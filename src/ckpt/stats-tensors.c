/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "messages.h"
#include "stats.h"
#include "values.h"

/* Rows go out so often while there is nothing else to do. */
#define FLUSH_INTERVAL (G_USEC_PER_SEC / 10)

/* Passes on what several patterns match only once. */
typedef struct
{
  GHashTable *paths;
  ListingFunc func;
  gpointer user_data;
} Once;

/* The tensors that are to be read, and how large their rows will be. */
typedef struct
{
  GArray *tensors;
  GHashTable *seen;
  StatsExtent extent;
} Gathering;

/* A file whose rows are being told. */
typedef struct
{
  Stats *stats;
  CkptSurvey *survey;
  StatsRun *run;
  Progress *progress;
  gint64 flush_due;
} Show;

static gboolean
pass_once (const Item *item, gpointer user_data)
{
  Once *once = user_data;

  return !g_hash_table_add (once->paths, g_strdup (item->text)) || once->func (item, once->user_data);
}

/**
 * stats_list_tensors:
 * @func: called for each tensor that is wanted, in file order within each pattern
 *
 * Returns: FALSE with CKPT_ERROR_NO_SUCH_PATH if a pattern matches nothing
 */
gboolean
stats_list_tensors (Stats *self, CkptTree *tree, ListingFunc func, gpointer user_data, GError **error)
{
  g_autoptr (GHashTable) paths = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (CkptPath) root = ckpt_path_new ();
  Once once = { paths, func, user_data };

  if (self->n_patterns == 0)
    listing_run (tree, root, LISTING_TENSORS, func, user_data);
  for (guint i = 0; i < self->n_patterns; i++)
    if (!listing_match (tree, self->patterns[i], LISTING_TENSORS, self->n_patterns > 1 ? pass_once : func,
                        self->n_patterns > 1 ? &once : user_data, error))
      return FALSE;
  return TRUE;
}

/* Why a tensor that is as it should be has no figures. */
static const char *
find_problem (const Item *item)
{
  return (item->tensor->flags & CKPT_TENSOR_BROKEN) != 0
             ? NULL
             : ckpt_tensor_get_unreadable (item->tree, item->tensor);
}

static gboolean
gather (const Item *item, gpointer user_data)
{
  Gathering *self = user_data;
  g_autofree char *shape = shape_to_string (item->tensor);

  self->extent.path_width = MAX (self->extent.path_width, g_utf8_strlen (item->text, -1));
  self->extent.dtype_width = MAX (self->extent.dtype_width,
                                  strlen (ckpt_dtype_get_name (item->tensor->dtype)));
  self->extent.shape_width = MAX (self->extent.shape_width, strlen (shape));
  if (find_problem (item) != NULL)
    return TRUE;
  self->extent.numel = MAX (self->extent.numel, item->tensor->numel);
  if (g_hash_table_add (self->seen, GUINT_TO_POINTER (item->tensor->index)))
    g_array_append_val (self->tensors, item->tensor->index);
  return TRUE;
}

/* What is known goes out before it is waited for more. */
static const StatsResult *
wait_for (Show *self, guint32 tensor)
{
  if (!stats_run_has (self->run, tensor) && g_get_monotonic_time () >= self->flush_due)
    {
      progress_pause (self->progress);
      if (self->stats->writer->flush != NULL)
        self->stats->writer->flush (self->stats);
      output_flush (self->stats->session->output, NULL);
      progress_resume (self->progress);
      self->flush_due = g_get_monotonic_time () + FLUSH_INTERVAL;
    }
  return stats_run_wait (self->run, tensor);
}

static CkptHistogram *
make_histogram (Show *self, const Item *item)
{
  g_autoptr (CkptProfile) profile = ckpt_survey_find (self->survey, item->tensor);
  const CkptScale linear = { CKPT_SCALE_LINEAR, 1 };
  double low, high;
  guint n_bins;

  if (self->stats->n_bins == 0 || profile == NULL ||
      !ckpt_profile_get_default_range (profile, self->stats->n_bins, &low, &high, &n_bins))
    return NULL;
  return ckpt_survey_get_histogram (self->survey, item->tensor, &linear, low, high, n_bins, NULL, NULL, NULL,
                                    NULL);
}

static gboolean
add_row (const Item *item, gpointer user_data)
{
  Show *self = user_data;
  Stats *stats = self->stats;
  g_autoptr (CkptHistogram) histogram = NULL;
  StatsRow row = { .item = item, .n_tensors = 1, .problem = find_problem (item) };

  if (row.problem == NULL)
    row.result = wait_for (self, item->tensor->index);
  progress_pause (self->progress);
  if (row.result != NULL && row.result->error != NULL)
    {
      message_value_error (stats->session->file, item->text, row.result->error);
      stats->has_failed = TRUE;
    }
  else if (row.result != NULL)
    row.histogram = histogram = make_histogram (self, item);
  stats->writer->add (stats, &row);
  progress_resume (self->progress);
  return !output_has_failed (stats->session->output);
}

/**
 * stats_show_tensors:
 *
 * Tells the figures of each tensor, as they come.
 *
 * Returns: FALSE with CKPT_ERROR_NO_SUCH_PATH if a pattern matches nothing
 */
gboolean
stats_show_tensors (Stats *self, CkptTree *tree, GError **error)
{
  g_autoptr (CkptSurvey) survey = ckpt_survey_new (tree, self->n_threads);
  g_autoptr (GArray) tensors = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  g_autoptr (Progress) progress = progress_new (self->session->file);
  g_autoptr (StatsRun) run = NULL;
  Gathering gathering = { tensors, seen };
  Show show = { self, survey, NULL, progress };

  if (!stats_list_tensors (self, tree, gather, &gathering, error))
    return FALSE;
  show.run = run = stats_run_new (survey, tensors, self->wants_percentiles, progress);
  self->writer->begin (self, &gathering.extent);
  stats_list_tensors (self, tree, add_row, &show, NULL);
  if (self->writer->end != NULL)
    self->writer->end (self);
  return TRUE;
}
