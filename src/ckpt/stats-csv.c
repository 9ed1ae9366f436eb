/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "csv.h"
#include "stats.h"
#include "values.h"

static void
begin (Stats *stats, const StatsExtent *extent)
{
  Output *output = stats->session->output;

  if (stats->is_headed)
    return;
  stats->is_headed = TRUE;
  output_text (output,
               "file,path,dtype,shape,tensors,count,missing,nan,pos_inf,neg_inf,zero,min,max,mean,std,norm");
  for (guint i = 0; stats->wants_percentiles && i < N_PERCENTILES; i++)
    output_printf (output, ",p%.0f", stats_percentiles[i]);
  output_text (output, "\n");
}

static void
append_count (GString *line, guint64 n)
{
  g_string_append_printf (line, ",%" G_GUINT64_FORMAT, n);
}

/* All its digits; nothing for what there is none of. */
static void
append_number (GString *line, double value)
{
  g_autofree char *text = ckpt_dtype_item_to_string (CKPT_DTYPE_FLOAT64, &value);

  g_string_append_c (line, ',');
  if (!isnan (value))
    g_string_append (line, text);
}

static void
append_result (GString *line, const StatsResult *result, guint n_percentiles)
{
  const CkptStats *stats = &result->stats;

  append_count (line, stats->n);
  append_count (line, stats->n_missing);
  append_count (line, stats->n_nan);
  append_count (line, stats->n_pos_inf);
  append_count (line, stats->n_neg_inf);
  append_count (line, stats->n_zero);
  append_number (line, stats->min);
  append_number (line, stats->max);
  append_number (line, stats->mean);
  append_number (line, stats->std);
  append_number (line, stats->n_finite > 0 ? stats->norm : NAN);
  for (guint i = 0; i < n_percentiles; i++)
    append_number (line, result->has_percentiles ? result->percentiles[i] : NAN);
}

static void
append_text (GString *line, const char *text)
{
  gboolean is_changed;

  csv_append_text (line, text, strlen (text), &is_changed);
}

static void
add (Stats *stats, const StatsRow *row)
{
  static const char nothing[] = ",,,,,,,,,,,,,,,,";
  g_autoptr (GString) line = g_string_new (NULL);
  const CkptTensor *tensor = row->item->tensor;
  g_autofree char *shape = tensor != NULL ? shape_to_string (tensor) : g_strdup ("");
  guint n_percentiles = stats->wants_percentiles ? N_PERCENTILES : 0;

  append_text (line, stats->session->file);
  g_string_append_c (line, ',');
  append_text (line, row->item->text);
  g_string_append_printf (line, ",%s,", tensor != NULL ? ckpt_dtype_get_name (tensor->dtype) : "");
  append_text (line, shape);
  append_count (line, row->n_tensors);
  if (row->result != NULL && row->result->error == NULL)
    append_result (line, row->result, n_percentiles);
  else
    g_string_append_len (line, nothing, 11 + n_percentiles);
  g_string_append_c (line, '\n');
  output_write (stats->session->output, line->str, line->len);
}

const StatsWriter stats_csv_writer = { .begin = begin, .add = add };
