/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "info-json.h"

#include <string.h>

#include "item-json.h"
#include "listing.h"
#include "modules.h"
#include "values.h"
#include "waste.h"

static const char *const container_names[] = {
  [CKPT_CONTAINER_TORCH_ZIP] = "torch-zip",
  [CKPT_CONTAINER_TORCH_LEGACY] = "torch-legacy",
  [CKPT_CONTAINER_SAFETENSORS] = "safetensors",
  [CKPT_CONTAINER_TORCHSCRIPT] = "torchscript",
  [CKPT_CONTAINER_PT2] = "pt2",
  [CKPT_CONTAINER_TAR] = "tar",
  [CKPT_CONTAINER_PICKLE] = "pickle",
  [CKPT_CONTAINER_PACKAGE] = "package",
};

typedef struct
{
  JsonStream *json;
  guint64 budget;
} Scalars;

/**
 * info_json_get_container:
 *
 * Returns: the stable name of a container
 */
const char *
info_json_get_container (CkptContainer container)
{
  return container_names[container];
}

static void
add_total (yyjson_mut_doc *doc, yyjson_mut_val *object, const CkptTotal *total)
{
  yyjson_mut_obj_add_uint (doc, object, "tensors", total->n_tensors);
  yyjson_mut_obj_add_uint (doc, object, "values", total->n_values);
  yyjson_mut_obj_add_uint (doc, object, "bytes", total->n_bytes);
}

static void
write_totals (JsonStream *json, const char *key, GPtrArray *totals)
{
  json_stream_begin_array (json, key);
  for (guint i = 0; i < totals->len; i++)
    {
      const CkptTotal *total = totals->pdata[i];
      g_autoptr (yyjson_mut_doc) doc = yyjson_mut_doc_new (NULL);
      yyjson_mut_val *object = yyjson_mut_obj (doc);

      json_add_text (doc, object, "name", total->name);
      add_total (doc, object, total);
      json_stream_value (json, NULL, object);
    }
  json_stream_end (json);
}

static void
write_modules (JsonStream *json, CkptTree *tree)
{
  g_autoptr (GPtrArray) modules = modules_find (tree);

  json_stream_begin_array (json, "modules");
  for (guint i = 0; i < modules->len; i++)
    {
      const Module *module = modules->pdata[i];
      g_autoptr (yyjson_mut_doc) doc = yyjson_mut_doc_new (NULL);
      yyjson_mut_val *object = yyjson_mut_obj (doc);

      json_add_text (doc, object, "path", module->path);
      json_add_text (doc, object, "class", module->class_name);
      yyjson_mut_obj_add_uint (doc, object, "parameters", module->n_parameters);
      json_stream_value (json, NULL, object);
    }
  json_stream_end (json);
}

static gboolean
write_scalar (const Item *item, gpointer user_data)
{
  Scalars *self = user_data;
  g_autoptr (yyjson_mut_doc) doc = NULL;

  if (!item_is_scalar (item))
    return TRUE;

  doc = yyjson_mut_doc_new (NULL);
  json_stream_value (self->json, NULL, item_to_json (doc, item, &self->budget));
  return TRUE;
}

static void
write_scalars (JsonStream *json, CkptTree *tree)
{
  g_autoptr (CkptPath) root = ckpt_path_new ();
  Scalars scalars = { json, ONLY_BUDGET };

  json_stream_begin_array (json, "scalars");
  listing_children (tree, root, G_MAXUINT32, write_scalar, &scalars);
  json_stream_end (json);
}

/* Facts are few, and a container may say one twice: the last counts, as in a dict. */
static void
add_facts (yyjson_mut_doc *doc, yyjson_mut_val *object, CkptTree *tree)
{
  yyjson_mut_val *facts_object = yyjson_mut_obj_add_obj (doc, object, "facts");
  guint n;
  const CkptFact *facts = ckpt_tree_get_facts (tree, &n);

  for (guint i = 0; i < n; i++)
    yyjson_mut_obj_put (facts_object, json_text (doc, facts[i].name, strlen (facts[i].name)),
                        json_text (doc, facts[i].value, strlen (facts[i].value)));
}

static void
write_summary (JsonStream *json, CkptTree *tree, const CkptSummary *summary)
{
  g_autoptr (yyjson_mut_doc) doc = yyjson_mut_doc_new (NULL);
  yyjson_mut_val *object = yyjson_mut_obj (doc);
  yyjson_mut_val *total;

  yyjson_mut_obj_add_str (doc, object, "container", info_json_get_container (ckpt_tree_get_container (tree)));
  json_add_text (doc, object, "kind_of_file", ckpt_tree_get_kind_of_file (tree));
  yyjson_mut_obj_add_bool (doc, object, "cut", ckpt_tree_is_cut (tree));
  yyjson_mut_obj_add_uint (doc, object, "size", ckpt_source_get_size (ckpt_tree_get_source (tree)));
  json_add_text (doc, object, "writer", summary->writer);
  json_add_text (doc, object, "readers", summary->readers);
  add_facts (doc, object, tree);

  total = yyjson_mut_obj_add_obj (doc, object, "total");
  add_total (doc, total, &summary->total);
  yyjson_mut_obj_add_uint (doc, total, "tied", summary->n_tied);
  yyjson_mut_obj_add_uint (doc, total, "wasted_bytes", summary->n_wasted_bytes);
  json_stream_members (json, object);
}

/**
 * info_json_write:
 *
 * Writes what is known of a file as a whole: the members that docs/json.md lists.
 */
void
info_json_write (JsonStream *json, CkptTree *tree, const CkptSummary *summary)
{
  write_summary (json, tree, summary);
  write_totals (json, "by_dtype", summary->by_dtype);
  write_totals (json, "by_device", summary->by_device);
  write_modules (json, tree);
  waste_write (json, tree, summary);
  write_scalars (json, tree);
}
