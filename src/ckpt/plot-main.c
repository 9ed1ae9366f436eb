/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include <glib/gi18n.h>

#include "command.h"
#include "paths.h"
#include "plot-make.h"
#include "plot-program.h"
#include "session.h"
#include "startup.h"
#include "target.h"

#define DEFAULT_BINS 120

/* Pictures of this size have text of its usual size; on larger ones everything is drawn larger. */
#define USUAL_WIDTH  960
#define USUAL_HEIGHT 540

#define MAX_BOXES_HEIGHT 16000

typedef struct
{
  PlotRequest request;
  char **paths;
  const char *target;
} Plot;

static void
free_subject (gpointer data)
{
  plot_subject_free (data);
}

static GPtrArray *
find_subjects (CkptTree *tree, char **paths, GError **error)
{
  g_autoptr (GPtrArray) subjects = g_ptr_array_new_with_free_func (free_subject);

  for (guint i = 0; paths[i] != NULL; i++)
    {
      PlotSubject *subject = plot_subject_new (tree, paths[i], error);

      if (subject == NULL)
        return NULL;
      g_ptr_array_add (subjects, subject);
    }
  return g_steal_pointer (&subjects);
}

static gboolean
are_tensors (GPtrArray *subjects)
{
  for (guint i = 0; i < subjects->len; i++)
    {
      const PlotSubject *subject = subjects->pdata[i];

      if (subject->tensor == NULL)
        return FALSE;
    }
  return TRUE;
}

/* Whether the subjects go with the kind, which is settled here. */
static gboolean
settle_kind (PlotRequest *request, GPtrArray *subjects, GError **error)
{
  if (request->kind == PLOT_KIND_DEFAULT)
    request->kind = are_tensors (subjects) ? PLOT_KIND_HISTOGRAM : PLOT_KIND_BOXES;

  if (request->kind == PLOT_KIND_HISTOGRAM && subjects->len > CKPT_PLOT_N_SERIES)
    return ckpt_error_set (error, CKPT_ERROR_UNSUPPORTED, "too-many-paths",
                           _ ("At most %d histograms go over each other."), CKPT_PLOT_N_SERIES);
  if (request->kind == PLOT_KIND_HEATMAP && (subjects->len > 1 || !are_tensors (subjects)))
    return ckpt_error_set (error, CKPT_ERROR_UNSUPPORTED, "no-heatmap", _ ("A heatmap is of one tensor."));
  if (request->kind == PLOT_KIND_SPARKLINE && subjects->len > 1)
    return ckpt_error_set (error, CKPT_ERROR_UNSUPPORTED, "no-sparkline", _ ("A sparkline is of one path."));
  return TRUE;
}

static CkptPlot *
make_plot (const PlotSource *source, const PlotRequest *request, GError **error)
{
  switch (request->kind)
    {
    case PLOT_KIND_HEATMAP:
      return plot_make_heatmap (source, request, error);
    case PLOT_KIND_BOXES:
      return plot_make_boxes (source, request, error);
    case PLOT_KIND_HISTOGRAM:
    case PLOT_KIND_SPARKLINE:
    case PLOT_KIND_DEFAULT:
    default:
      return plot_make_histogram (source, request, error);
    }
}

/* The size of the picture, and what the layout takes for it: a large picture is a small one drawn large, or nobody could read its text. */
static void
settle_size (const PlotRequest *request, CkptPlot *plot, CkptPlotExport *options)
{
  double width = request->width, height = request->height;

  if (width == 0 && request->kind == PLOT_KIND_SPARKLINE)
    width = 64, height = 16;
  else if (width == 0)
    width = USUAL_WIDTH, height = 400;
  if (request->width == 0 && CKPT_IS_PLOT_BOX_STRIP (plot))
    height = fmin (ckpt_plot_box_strip_get_natural_height (CKPT_PLOT_BOX_STRIP (plot)) + 60,
                   MAX_BOXES_HEIGHT);
  options->scale = fmax (1, fmin (width / USUAL_WIDTH, height / USUAL_HEIGHT));
  if (request->width == 0)
    options->scale = 1;
  options->width = width / options->scale;
  options->height = height / options->scale;
}

static gboolean
save (const Plot *self, CkptTree *tree, CkptPlot *plot, const char *title, GError **error)
{
  g_autoptr (CkptPlotTheme)
      theme = ckpt_plot_theme_new (self->request.is_dark ? CKPT_PLOT_DARK : CKPT_PLOT_LIGHT);
  CkptPlotExport options = { .format = self->request.format, .title = title };
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (Target) target = NULL;

  ckpt_plot_set_theme (plot, theme);
  settle_size (&self->request, plot, &options);
  bytes = ckpt_plot_export (plot, &options, error);
  target = bytes != NULL ? target_new (self->target, ckpt_tree_get_source (tree), error) : NULL;
  if (target == NULL)
    return FALSE;

  output_write (target_get_output (target), g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  return target_finish (target, error);
}

/* What is drawn: "conv1.weight[2, :, :, 1]"; of the whole file its name, of several values nothing, as each has its own. */
static char *
make_title (const Session *session, const PlotRequest *request, GPtrArray *subjects)
{
  const PlotSubject *subject = subjects->pdata[0];
  g_autofree char *file = g_path_get_basename (session->file);

  if (subjects->len > 1)
    return NULL;
  if (strcmp (subject->name, ".") == 0)
    return ckpt_text_escape (file, strlen (file), 0);
  if (request->kind == PLOT_KIND_HEATMAP && request->slice != NULL)
    return g_strdup_printf ("%s[%s]", subject->name, request->slice);
  return g_strdup (subject->name);
}

static gboolean
draw_subjects (Session *session, const Plot *self, const PlotSource *source, GError **error)
{
  g_autoptr (CkptPlot) plot = make_plot (source, &self->request, error);
  g_autofree char *title = make_title (session, &self->request, source->subjects);

  return plot != NULL && save (self, source->tree, plot, title, error);
}

/* Of many tensors those that can be read are drawn; what is wrong with the others is said in the end. */
static gboolean
draw_file (Session *session, CkptTree *tree, gpointer user_data, GError **error)
{
  Plot *self = user_data;
  g_autoptr (GPtrArray) subjects = find_subjects (tree, self->paths, error);
  g_autoptr (CkptSurvey) survey = NULL;
  g_autoptr (Progress) progress = NULL;
  g_autoptr (GError) problem = NULL;
  PlotSource source;

  if (subjects == NULL || !settle_kind (&self->request, subjects, error))
    return FALSE;

  survey = ckpt_survey_new (tree, 0);
  progress = progress_new (session->file);
  source = (PlotSource) { tree, survey, subjects, progress };
  if (self->request.kind == PLOT_KIND_HEATMAP || plot_source_survey (&source, &problem))
    return draw_subjects (session, self, &source, error);

  if (!are_tensors (subjects))
    draw_subjects (session, self, &source, NULL);
  g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}

/* Whether the words go together; says what is wrong if not. */
static gboolean
check_words (char **words, const char *target, CkptPlotFormat *format)
{
  guint n = g_strv_length (words);

  if (n == 0)
    command_misuse (_ ("A file and a path are missing"));
  else if (n == 1)
    command_misuse (_ ("A path is missing"));
  else if (target == NULL)
    command_misuse (_ ("The option -o is missing, which names the picture"));
  else if (!ckpt_plot_format_from_name (target, format))
    command_misuse (_ ("The option -o writes a file that ends with .png, .svg or .pdf"));
  else
    return TRUE;
  return FALSE;
}

static ExitStatus
run (const Command *self, int argc, char **argv)
{
  static const SessionSpec spec = { NULL, draw_file };
  g_autofree char *target = NULL;
  g_autofree char *kind = NULL;
  g_autofree char *size = NULL;
  g_autofree char *bins = NULL;
  g_autofree char *range = NULL;
  g_autofree char *scale = NULL;
  g_autofree char *slice = NULL;
  g_autofree char *reduction = NULL;
  Plot plot = { .request = { .n_bins = DEFAULT_BINS } };
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &target,
      N_ ("Draw into a file that ends with .png, .svg or .pdf"), N_ ("FILE") },
    { "kind", 'k', 0, G_OPTION_ARG_STRING, &kind, N_ ("Draw a histogram, boxes, a heatmap or a sparkline"),
      N_ ("KIND") },
    { "size", 's', 0, G_OPTION_ARG_STRING, &size, N_ ("Make the picture as large as WIDTHxHEIGHT"),
      N_ ("SIZE") },
    { "dark", 'd', 0, G_OPTION_ARG_NONE, &plot.request.is_dark, N_ ("Draw on a dark background"), NULL },
    { "bins", 'b', 0, G_OPTION_ARG_STRING, &bins, N_ ("Count in so many bins"), N_ ("NUMBER") },
    { "range", 'r', 0, G_OPTION_ARG_STRING, &range, N_ ("Show values from LOW to HIGH only"),
      N_ ("LOW:HIGH") },
    { "log-counts", 'l', 0, G_OPTION_ARG_NONE, &plot.request.log_counts,
      N_ ("Draw counts by their logarithm"), NULL },
    { "scale", 0, 0, G_OPTION_ARG_STRING, &scale,
      N_ ("Spread values linear, or as symlog by their logarithm"), N_ ("SCALE") },
    { "slice", 0, 0, G_OPTION_ARG_STRING, &slice, N_ ("Show a part in a heatmap, such as 3,:,0:100"),
      N_ ("SLICE") },
    { "reduce", 0, 0, G_OPTION_ARG_STRING, &reduction, N_ ("Show the mean, min or max of what is in a cell"),
      N_ ("KIND") },
    { NULL },
  };
  ExitStatus status;
  g_auto (GStrv) words = command_parse (self, entries, _ (paths_help), argc, argv, &status);

  if (words == NULL)
    return status;
  if (!check_words (words, target, &plot.request.format))
    return EXIT_COULD_NOT;
  if (!plot_request_read_kind (&plot.request, kind))
    return command_misuse (_ ("The option --kind takes histogram, boxes, heatmap or sparkline"));
  if (!plot_request_read_size (&plot.request, size))
    return command_misuse (_ ("The option --size takes two numbers of pixels, as 640x400"));
  if (!plot_request_read_bins (&plot.request, bins))
    return command_misuse (_ ("The option --bins takes a number from 1 to 100,000"));
  if (!plot_request_read_range (&plot.request, range))
    return command_misuse (_ ("The option --range takes two numbers, the smaller one first, as -0.5:0.5"));
  if (!plot_request_read_scale (&plot.request, scale))
    return command_misuse (_ ("The option --scale takes linear or symlog"));
  if (!plot_request_read_reduction (&plot.request, reduction))
    return command_misuse (_ ("The option --reduce takes mean, min or max"));

  plot.request.slice = slice;
  plot.target = target;
  plot.paths = words + 1;
  return session_run (&spec, FALSE, words, 1, &plot);
}

int
main (int argc, char **argv)
{
  const Command command = { PLOT_NAME, PLOT_ARGUMENTS, PLOT_SUMMARY, run };

  startup ("ckpt " PLOT_NAME);
  return run (&command, argc, argv);
}
