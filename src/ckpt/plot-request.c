/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot-request.h"

#include <math.h>
#include <string.h>

#define MAX_PIXELS 32767
#define MAX_BINS   100000

/* The place of a word in a list, or -1. */
static int
find_word (const char *const *words, const char *word)
{
  for (int i = 0; words[i] != NULL; i++)
    if (strcmp (words[i], word) == 0)
      return i;
  return -1;
}

/**
 * plot_request_read_kind:
 * @word: (nullable): what the user gave; %NULL leaves things as they are, here and below
 *
 * Returns: FALSE, with nothing changed, if it is no kind
 */
gboolean
plot_request_read_kind (PlotRequest *self, const char *word)
{
  static const char *const words[] = { "histogram", "boxes", "heatmap", "sparkline", NULL };
  int i = word != NULL ? find_word (words, word) : 0;

  if (word != NULL && i >= 0)
    self->kind = PLOT_KIND_HISTOGRAM + (PlotKind) i;
  return i >= 0;
}

/* A whole number from 1 to @max at the beginning of a text; FALSE if there is none. */
static gboolean
read_number (const char **text, guint64 max, guint64 *number)
{
  char *end;

  if (!g_ascii_isdigit (**text))
    return FALSE;
  *number = g_ascii_strtoull (*text, &end, 10);
  *text = end;
  return *number >= 1 && *number <= max;
}

/**
 * plot_request_read_size:
 * @word: (nullable): "640x400"
 *
 * Returns: FALSE, with nothing changed, if it is no size
 */
gboolean
plot_request_read_size (PlotRequest *self, const char *word)
{
  guint64 width, height;

  if (word == NULL)
    return TRUE;
  if (!read_number (&word, MAX_PIXELS, &width) || *word++ != 'x' ||
      !read_number (&word, MAX_PIXELS, &height) || *word != '\0')
    return FALSE;

  self->width = (double) width;
  self->height = (double) height;
  return TRUE;
}

/**
 * plot_request_read_range:
 * @word: (nullable): "-0.5:0.5"
 *
 * Returns: FALSE, with nothing changed, if it is no range
 */
gboolean
plot_request_read_range (PlotRequest *self, const char *word)
{
  char *middle, *end;
  double low, high;

  if (word == NULL)
    return TRUE;
  low = g_ascii_strtod (word, &middle);
  if (middle == word || *middle != ':')
    return FALSE;
  high = g_ascii_strtod (middle + 1, &end);
  if (end == middle + 1 || *end != '\0' || !isfinite (low) || !isfinite (high) || low >= high)
    return FALSE;

  self->has_range = TRUE;
  self->low = low;
  self->high = high;
  return TRUE;
}

/**
 * plot_request_read_scale:
 * @word: (nullable): "linear" or "symlog"
 *
 * Returns: FALSE, with nothing changed, if it is no scale
 */
gboolean
plot_request_read_scale (PlotRequest *self, const char *word)
{
  static const char *const words[] = { "linear", "symlog", NULL };
  int i = word != NULL ? find_word (words, word) : 0;

  if (word != NULL && i >= 0)
    self->scale = i == 0 ? CKPT_SCALE_LINEAR : CKPT_SCALE_SYMLOG;
  return i >= 0;
}

/**
 * plot_request_read_bins:
 * @word: (nullable): a number
 *
 * Returns: FALSE, with nothing changed, if it is no number of bins
 */
gboolean
plot_request_read_bins (PlotRequest *self, const char *word)
{
  guint64 n_bins;

  if (word == NULL)
    return TRUE;
  if (!read_number (&word, MAX_BINS, &n_bins) || *word != '\0')
    return FALSE;

  self->n_bins = (guint) n_bins;
  return TRUE;
}

/**
 * plot_request_read_reduction:
 * @word: (nullable): "mean", "min" or "max"
 *
 * Returns: FALSE, with nothing changed, if it is none of these
 */
gboolean
plot_request_read_reduction (PlotRequest *self, const char *word)
{
  static const char *const words[] = { "mean", "min", "max", NULL };
  int i = word != NULL ? find_word (words, word) : 0;

  if (word != NULL && i >= 0)
    self->reduction = CKPT_BLOCK_MEAN + (CkptBlockKind) i;
  return i >= 0;
}
