/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot-make.h"

#include <math.h>
#include <string.h>

#include <glib/gi18n.h>

#include "values.h"

/* Cells that a picture has at most in each direction. */
#define MAX_CELLS 1024

#define MAX_DIMS 64

/**
 * Axes:
 * @axes: rows, then columns
 * @begin: first index of each that is shown
 * @end: one more than the last
 * @n: how many axes are shown
 */
typedef struct
{
  int axes[2];
  guint64 begin[2];
  guint64 end[2];
  guint n;
} Axes;

static gboolean
set_slice_error (GError **error, const CkptTensor *tensor)
{
  g_autofree char *shape = shape_to_string (tensor);

  return ckpt_error_set (
      error, CKPT_ERROR_UNSUPPORTED, "bad-slice",
      _ ("The option --slice takes an index for each dimension of %s, or a range as 0:10, of which there "
         "can be two."),
      shape);
}

/* An index at most @max, or @otherwise where there is none. */
static gboolean
read_index (const char **text, guint64 max, guint64 otherwise, guint64 *index)
{
  char *end;

  *index = otherwise;
  if (!g_ascii_isdigit (**text))
    return TRUE;
  *index = g_ascii_strtoull (*text, &end, 10);
  *text = end;
  return *index <= max;
}

/* One part of the slice: "3", ":", "10:20". */
static gboolean
read_part (const char *text, CkptSlice *slice, Axes *axes, int axis, guint64 size)
{
  guint64 begin, end;

  if (strchr (text, ':') == NULL)
    {
      if (*text == '\0' || size == 0 || !read_index (&text, size - 1, 0, &begin) || *text != '\0')
        return FALSE;
      ckpt_slice_set_index (slice, (guint) axis, begin);
      return TRUE;
    }
  if (axes->n == G_N_ELEMENTS (axes->axes) || !read_index (&text, size, 0, &begin) || *text++ != ':' ||
      !read_index (&text, size, size, &end) || *text != '\0' || begin >= end)
    return FALSE;

  axes->axes[axes->n] = axis;
  axes->begin[axes->n] = begin;
  axes->end[axes->n] = end;
  axes->n++;
  return TRUE;
}

static gboolean
read_slice (const char *text, CkptSlice *slice, CkptRect *rect, GError **error)
{
  const CkptTensor *tensor = ckpt_slice_get_tensor (slice);
  g_auto (GStrv) parts = g_strsplit (text, ",", MAX_DIMS + 1);
  Axes axes = { .axes = { CKPT_NO_AXIS, CKPT_NO_AXIS }, .end = { 1, 1 } };

  if (g_strv_length (parts) != tensor->n_dims)
    return set_slice_error (error, tensor);

  /* Indices are of axes that are not shown, so those that are come first. */
  for (guint i = 0; i < tensor->n_dims; i++)
    if (strchr (parts[i], ':') != NULL &&
        !read_part (g_strstrip (parts[i]), slice, &axes, (int) i, (guint64) tensor->shape[i]))
      return set_slice_error (error, tensor);
  ckpt_slice_set_axes (slice, axes.axes[0], axes.axes[1]);
  for (guint i = 0; i < tensor->n_dims; i++)
    if (strchr (parts[i], ':') == NULL &&
        !read_part (g_strstrip (parts[i]), slice, &axes, (int) i, (guint64) tensor->shape[i]))
      return set_slice_error (error, tensor);

  *rect = (CkptRect) { axes.begin[0], axes.end[0] - axes.begin[0], axes.begin[1],
                       axes.end[1] - axes.begin[1] };
  return TRUE;
}

/**
 * plot_make_heatmap:
 * @source: one tensor
 * @request: which part of it, and how
 *
 * Returns: (transfer full) (nullable): the plot, or NULL with an error
 */
CkptPlot *
plot_make_heatmap (const PlotSource *source, const PlotRequest *request, GError **error)
{
  const PlotSubject *subject = source->subjects->pdata[0];
  g_autoptr (CkptSlice) slice = ckpt_slice_new (source->tree, subject->tensor, error);
  g_autoptr (CkptBlocks) blocks = NULL;
  CkptRect rect = { 0 };

  if (slice == NULL)
    return NULL;

  rect.n_rows = ckpt_slice_get_n_rows (slice);
  rect.n_columns = ckpt_slice_get_n_columns (slice);
  if (request->slice != NULL && !read_slice (request->slice, slice, &rect, error))
    return NULL;
  if (rect.n_rows == 0 || rect.n_columns == 0)
    return CKPT_PLOT (ckpt_plot_heatmap_new (NULL, 0, 0));

  blocks = ckpt_blocks_compute (slice, &rect, (rect.n_rows - 1) / MAX_CELLS + 1,
                                (rect.n_columns - 1) / MAX_CELLS + 1, progress_tell, source->progress, NULL,
                                error);
  return blocks != NULL ? CKPT_PLOT (ckpt_plot_heatmap_new_for_blocks (blocks, request->reduction)) : NULL;
}
