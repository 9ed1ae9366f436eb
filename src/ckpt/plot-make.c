/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot-make.h"

#include <glib/gi18n.h>

/* In the order of their importance. */
static const double percents[] = { 50, 1, 99, 25, 75 };

static GArray *
list_tensors (const PlotSource *self)
{
  GArray *tensors = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (guint i = 0; i < self->subjects->len; i++)
    {
      const PlotSubject *subject = self->subjects->pdata[i];

      g_array_append_vals (tensors, subject->tensors->data, subject->tensors->len);
    }
  return tensors;
}

/**
 * Told:
 * @error: what went wrong first
 */
typedef struct
{
  const PlotSource *source;
  GError *error;
} Told;

/* Figures and sketches are kept as they come: the survey lets go of them when there are too many. */
static void
on_profile (guint32 tensor, CkptProfile *profile, const GError *error, gpointer user_data)
{
  Told *self = user_data;

  for (guint i = 0; i < self->source->subjects->len && profile != NULL; i++)
    plot_subject_tell (self->source->subjects->pdata[i], tensor, profile);
  if (error != NULL && self->error == NULL)
    self->error = g_error_copy (error);
}

/**
 * plot_source_survey:
 *
 * Reads all tensors, those that can be.
 *
 * Returns: FALSE with an error if one of them could not be read
 */
gboolean
plot_source_survey (const PlotSource *self, GError **error)
{
  g_autoptr (GArray) tensors = list_tensors (self);
  Told told = { self, NULL };

  if (!ckpt_survey_run (self->survey, (const guint32 *) (gconstpointer) tensors->data, tensors->len,
                        on_profile, &told, progress_tell, self->progress, NULL, error))
    return FALSE;
  if (told.error == NULL)
    return TRUE;

  g_propagate_error (error, told.error);
  return FALSE;
}

/* The figures of some tensors. */
static gboolean
get_stats (const PlotSource *self, GArray *tensors, CkptSketch *sketch, CkptProfile *profile, GError **error)
{
  g_autoptr (CkptProfile) merged = ckpt_survey_merge (
      self->survey, (const guint32 *) (gconstpointer) tensors->data, tensors->len);

  if (merged == NULL)
    return ckpt_error_set (error, CKPT_ERROR_UNSUPPORTED, "no-values",
                           _ ("None of the tensors could be read."));

  *profile = (CkptProfile) { merged->stats, sketch, merged->is_whole };
  return TRUE;
}

/* How the values of all subjects are spread. */
static CkptSketch *
merge_sketches (const PlotSource *self)
{
  g_autoptr (GPtrArray) sketches = g_ptr_array_new ();

  for (guint i = 0; i < self->subjects->len; i++)
    {
      CkptSketch *sketch = plot_subject_merge_sketches (self->subjects->pdata[i]);

      if (sketch != NULL)
        g_ptr_array_add (sketches, sketch);
    }
  return sketches->len > 0 ? ckpt_sketch_merge ((CkptSketch *const *) sketches->pdata, sketches->len) : NULL;
}

/**
 * Bins:
 * @n: how many; 0 if there are no finite values
 */
typedef struct
{
  CkptScale scale;
  double low;
  double high;
  guint n;
} Bins;

/* The bins that hold what is asked for of all subjects. */
static void
choose_bins (const CkptProfile *profile, const PlotRequest *request, Bins *bins)
{
  *bins = (Bins) { .scale = { .kind = request->scale } };
  if (!ckpt_profile_get_default_range (profile, request->n_bins, &bins->low, &bins->high, &bins->n))
    return;
  if (request->scale == CKPT_SCALE_SYMLOG)
    {
      bins->scale.threshold = ckpt_profile_get_threshold (profile);
      bins->n = request->n_bins;
    }
  if (!request->has_range)
    return;

  bins->low = request->low;
  bins->high = request->high;
  bins->n = request->n_bins;
  if (profile->is_whole && request->scale == CKPT_SCALE_LINEAR)
    ckpt_profile_round_range (request->n_bins, &bins->low, &bins->high, &bins->n);
}

/* What is wrong with reading a tensor is an error; a tensor without finite values has no histogram. */
static gboolean
count (const PlotSource *self,
       const PlotSubject *subject,
       const CkptProfile *profile,
       const Bins *bins,
       CkptHistogram **histogram,
       GError **error)
{
  if (bins->n == 0 || profile->stats.n_finite == 0)
    return TRUE;
  if (subject->tensor != NULL)
    *histogram = ckpt_survey_get_histogram (self->survey, subject->tensor, &bins->scale, bins->low,
                                            bins->high, bins->n, progress_tell, self->progress, NULL, error);
  else if (profile->sketch != NULL)
    *histogram = ckpt_sketch_get_histogram (profile->sketch, &bins->scale, bins->low, bins->high, bins->n);
  return *histogram != NULL || subject->tensor == NULL;
}

static void
add_percentiles (CkptPlotHistogram *plot, const CkptProfile *profile)
{
  for (gsize i = 0; i < G_N_ELEMENTS (percents) && profile->sketch != NULL; i++)
    ckpt_plot_histogram_add_percentile (plot, percents[i],
                                        ckpt_sketch_get_quantile (profile->sketch, percents[i] / 100, NULL));
}

/* Adds a subject to a plot, or makes one of the first. */
static gboolean
add_subject (const PlotSource *self,
             PlotSubject *subject,
             const PlotRequest *request,
             const Bins *bins,
             CkptPlot **plot,
             GError **error)
{
  g_autoptr (CkptHistogram) histogram = NULL;
  CkptProfile profile;

  if (!get_stats (self, subject->tensors, plot_subject_merge_sketches (subject), &profile, error) ||
      !count (self, subject, &profile, bins, &histogram, error))
    return FALSE;

  if (request->kind == PLOT_KIND_SPARKLINE)
    *plot = CKPT_PLOT (ckpt_plot_sparkline_new (&profile.stats, histogram));
  else if (*plot != NULL)
    ckpt_plot_histogram_add (CKPT_PLOT_HISTOGRAM (*plot), subject->name, &profile.stats, histogram);
  else
    {
      *plot = CKPT_PLOT (ckpt_plot_histogram_new (&profile.stats, histogram, profile.is_whole));
      ckpt_plot_histogram_set_name (CKPT_PLOT_HISTOGRAM (*plot), subject->name);
      ckpt_plot_histogram_set_log_counts (CKPT_PLOT_HISTOGRAM (*plot), request->log_counts);
      add_percentiles (CKPT_PLOT_HISTOGRAM (*plot), &profile);
    }
  return TRUE;
}

/**
 * plot_make_histogram:
 * @source: tensors that have been read
 * @request: a histogram, of all subjects over each other, or a sparkline of the first
 *
 * Returns: (transfer full) (nullable): the plot, or NULL with an error
 */
CkptPlot *
plot_make_histogram (const PlotSource *source, const PlotRequest *request, GError **error)
{
  g_autoptr (GArray) tensors = list_tensors (source);
  g_autoptr (CkptSketch) sketch = merge_sketches (source);
  g_autoptr (CkptPlot) plot = NULL;
  CkptProfile whole;
  Bins bins;

  if (!get_stats (source, tensors, sketch, &whole, error))
    return NULL;

  choose_bins (&whole, request, &bins);
  for (guint i = 0; i < source->subjects->len; i++)
    if (!add_subject (source, source->subjects->pdata[i], request, &bins, &plot, error))
      return NULL;
  return g_steal_pointer (&plot);
}

static void
add_boxes (const PlotSubject *subject, GArray *boxes)
{
  for (guint i = 0; i < subject->boxes->len; i++)
    {
      const CkptPlotBox *box = &g_array_index (subject->boxes, CkptPlotBox, i);

      if (box->name != NULL)
        g_array_append_val (boxes, *box);
    }
}

/**
 * plot_make_boxes:
 * @source: tensors that have been read
 * @request: how
 *
 * Returns: (transfer full) (nullable): a row for each tensor in file order, or NULL with an error
 */
CkptPlot *
plot_make_boxes (const PlotSource *source, const PlotRequest *request, GError **error)
{
  g_autoptr (GArray) boxes = g_array_new (FALSE, FALSE, sizeof (CkptPlotBox));
  g_autoptr (GArray) tensors = list_tensors (source);
  g_autoptr (CkptSketch) sketch = merge_sketches (source);
  CkptScale scale = { .kind = request->scale };
  CkptPlotBoxStrip *plot;
  CkptProfile whole;

  if (!get_stats (source, tensors, sketch, &whole, error))
    return NULL;

  for (guint i = 0; i < source->subjects->len; i++)
    add_boxes (source->subjects->pdata[i], boxes);
  plot = ckpt_plot_box_strip_new ((const CkptPlotBox *) (gconstpointer) boxes->data, boxes->len);
  if (request->scale == CKPT_SCALE_SYMLOG)
    scale.threshold = ckpt_profile_get_threshold (&whole);
  ckpt_plot_box_strip_set_scale (plot, &scale);
  return CKPT_PLOT (plot);
}
