/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "item-json.h"
#include "stats.h"

static void
begin (Stats *stats, const StatsExtent *extent)
{
  json_stream_begin_array (stats->session->json, "values");
}

static void
end (Stats *stats)
{
  json_stream_end (stats->session->json);
}

static void
add_number (yyjson_mut_doc *doc, yyjson_mut_val *object, const char *key, double value)
{
  yyjson_mut_obj_add_val (doc, object, key, json_number (doc, value));
}

static void
add_percentiles (yyjson_mut_doc *doc, yyjson_mut_val *object, const StatsResult *result)
{
  yyjson_mut_val *array = yyjson_mut_obj_add_arr (doc, object, "percentiles");

  for (guint i = 0; i < N_PERCENTILES; i++)
    {
      yyjson_mut_val *percentile = yyjson_mut_arr_add_obj (doc, array);

      yyjson_mut_obj_add_uint (doc, percentile, "percent", (guint64) stats_percentiles[i]);
      add_number (doc, percentile, "value", result->percentiles[i]);
      add_number (doc, percentile, "error", result->bounds[i]);
    }
}

static void
add_histogram (yyjson_mut_doc *doc, yyjson_mut_val *object, const CkptHistogram *histogram)
{
  yyjson_mut_val *value = yyjson_mut_obj_add_obj (doc, object, "histogram");

  add_number (doc, value, "low", histogram->low);
  add_number (doc, value, "high", histogram->high);
  yyjson_mut_obj_add_val (doc, value, "counts",
                          yyjson_mut_arr_with_uint64 (doc, histogram->counts, histogram->n_bins));
  yyjson_mut_obj_add_uint (doc, value, "below", histogram->n_below);
  yyjson_mut_obj_add_uint (doc, value, "above", histogram->n_above);
  yyjson_mut_obj_add_uint (doc, value, "uncertain", histogram->n_uncertain);
}

static void
add_stats (yyjson_mut_doc *doc, yyjson_mut_val *object, const StatsRow *row)
{
  const StatsResult *result = row->result;
  const CkptStats *stats = &result->stats;

  yyjson_mut_obj_add_uint (doc, object, "count", stats->n);
  yyjson_mut_obj_add_uint (doc, object, "missing", stats->n_missing);
  yyjson_mut_obj_add_uint (doc, object, "nan", stats->n_nan);
  yyjson_mut_obj_add_uint (doc, object, "pos_inf", stats->n_pos_inf);
  yyjson_mut_obj_add_uint (doc, object, "neg_inf", stats->n_neg_inf);
  yyjson_mut_obj_add_uint (doc, object, "zero", stats->n_zero);
  if (stats->is_magnitude)
    yyjson_mut_obj_add_bool (doc, object, "magnitude", true);
  if (stats->n_finite > 0)
    {
      add_number (doc, object, "min", stats->min);
      add_number (doc, object, "max", stats->max);
      add_number (doc, object, "mean", stats->mean);
      add_number (doc, object, "std", stats->std);
      add_number (doc, object, "norm", stats->norm);
    }
  if (result->has_percentiles)
    add_percentiles (doc, object, result);
  if (row->histogram != NULL)
    add_histogram (doc, object, row->histogram);
}

static void
add (Stats *stats, const StatsRow *row)
{
  g_autoptr (yyjson_mut_doc) doc = yyjson_mut_doc_new (NULL);
  guint64 no_budget = 0;
  yyjson_mut_val *object;

  if (row->item->node != CKPT_NO_NODE)
    object = item_to_json (doc, row->item, &no_budget);
  else
    {
      object = yyjson_mut_obj (doc);
      json_add_text (doc, object, "glob", row->item->text);
    }
  if (row->item->tensor == NULL)
    yyjson_mut_obj_add_uint (doc, object, "tensors", row->n_tensors);
  if (row->result != NULL && row->result->error == NULL)
    add_stats (doc, yyjson_mut_obj_add_obj (doc, object, "stats"), row);
  else
    yyjson_mut_obj_add_null (doc, object, "stats");
  if (row->result != NULL && row->result->error != NULL)
    yyjson_mut_obj_add_val (doc, object, "error", json_error (doc, row->result->error));
  if (row->problem != NULL)
    json_add_text (doc, object, "reason", row->problem);
  json_stream_value (stats->session->json, NULL, object);
}

const StatsWriter stats_json_writer = { .begin = begin, .add = add, .end = end };
