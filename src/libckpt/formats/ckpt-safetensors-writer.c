/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "formats/ckpt-safetensors-writer.h"

#include "formats/ckpt-verify.h"
#include "io/ckpt-limits.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <yyjson.h>

/* A safetensors file as safetensors/src/tensor.rs writes it: tensors by type, the widest first, then by name, without gaps; a header
 * without spaces but for those at its end, which make its length a multiple of eight. */

#define LENGTH_SIZE  8
#define METADATA_KEY "__metadata__"

static void
safetensors_free (gpointer data)
{
  CkptSafetensorsWriter *self = data;

  g_array_unref (self->entries);
  g_array_unref (self->metadata);
  g_free (self);
}

static int
compare_entries (gconstpointer a, gconstpointer b)
{
  const CkptSafetensorsEntry *x = a, *y = b;

  if (x->rank != y->rank)
    return x->rank > y->rank ? -1 : 1;
  return strcmp (x->name, y->name);
}

static yyjson_mut_val *
make_shape (yyjson_mut_doc *document, const CkptTensor *tensor)
{
  yyjson_mut_val *shape = yyjson_mut_arr (document);

  for (guint32 i = 0; i < tensor->n_dims; i++)
    {
      /* Two numbers of 4 bits are one element of PyTorch's. */
      gboolean is_packed = tensor->dtype == CKPT_DTYPE_FLOAT4_E2M1FN_X2 && i + 1 == tensor->n_dims;

      yyjson_mut_arr_add_uint (document, shape, (guint64) tensor->shape[i] * (is_packed ? 2 : 1));
    }
  return shape;
}

static void
add_entry (yyjson_mut_doc *document, yyjson_mut_val *header, const CkptSafetensorsEntry *entry, guint64 begin)
{
  yyjson_mut_val *fields = yyjson_mut_obj (document);
  yyjson_mut_val *offsets = yyjson_mut_arr (document);

  yyjson_mut_obj_add_str (document, fields, "dtype", entry->dtype);
  yyjson_mut_obj_add_val (document, fields, "shape", make_shape (document, entry->tensor));
  yyjson_mut_arr_add_uint (document, offsets, begin);
  yyjson_mut_arr_add_uint (document, offsets, begin + entry->tensor->n_bytes);
  yyjson_mut_obj_add_val (document, fields, "data_offsets", offsets);
  yyjson_mut_obj_add (header, yyjson_mut_strn (document, entry->name, strlen (entry->name)), fields);
}

static void
add_metadata (CkptSafetensorsWriter *self, yyjson_mut_doc *document, yyjson_mut_val *header)
{
  yyjson_mut_val *metadata = yyjson_mut_obj (document);

  for (guint i = 0; i < self->metadata->len; i++)
    {
      const CkptSafetensorsFact *fact = &g_array_index (self->metadata, CkptSafetensorsFact, i);

      yyjson_mut_obj_add (metadata, yyjson_mut_strn (document, fact->name, strlen (fact->name)),
                          yyjson_mut_strn (document, fact->value, strlen (fact->value)));
    }
  yyjson_mut_obj_add_val (document, header, METADATA_KEY, metadata);
}

static GBytes *
end_header (const char *json, gsize length, GError **error)
{
  guint64 padded = (length + 7) / 8 * 8;
  guint8 *bytes;

  if (padded > CKPT_LIMIT_SAFETENSORS_HEADER)
    {
      ckpt_error_set (error, CKPT_ERROR_LIMIT, "safetensors-header-size",
                      _ ("The header would be longer than safetensors reads."));
      return NULL;
    }
  bytes = g_malloc (padded);
  memcpy (bytes, json, length);
  memset (bytes + length, ' ', padded - length);
  return g_bytes_new_take (bytes, padded);
}

static GBytes *
make_header (CkptSafetensorsWriter *self, GError **error)
{
  yyjson_mut_doc *document = yyjson_mut_doc_new (NULL);
  yyjson_mut_val *header = yyjson_mut_obj (document);
  guint64 begin = 0;
  gsize length;
  char *json;
  GBytes *bytes = NULL;

  yyjson_mut_doc_set_root (document, header);
  if (self->has_metadata)
    add_metadata (self, document, header);
  for (guint i = 0; i < self->entries->len; i++)
    {
      const CkptSafetensorsEntry *entry = &g_array_index (self->entries, CkptSafetensorsEntry, i);

      add_entry (document, header, entry, begin);
      begin += entry->tensor->n_bytes;
    }
  json = yyjson_mut_write (document, YYJSON_WRITE_NOFLAG, &length);
  if (json != NULL)
    bytes = end_header (json, length, error);
  else
    ckpt_error_set (error, CKPT_ERROR_LIMIT, "out-of-memory",
                    _ ("There is not enough memory for the header."));
  free (json);
  yyjson_mut_doc_free (document);
  return bytes;
}

/* Its elements are where the storage has them, in row-major order, as they are. */
static gboolean
is_plain (CkptTree *tree, const CkptTensor *tensor)
{
  gint64 step = 1;

  if ((tensor->flags & (CKPT_TENSOR_CONJ | CKPT_TENSOR_NEG)) != 0)
    return FALSE;
  for (guint32 i = tensor->n_dims; i-- > 0;)
    {
      if (tensor->shape[i] != 1 && tensor->stride[i] != step)
        return FALSE;
      step *= tensor->shape[i];
    }
  return TRUE;
}

static gboolean
make_payload (CkptTree *tree, const CkptTensor *tensor, CkptPayload *payload, GError **error)
{
  guint64 begin = tensor->offset * (guint64) ckpt_dtype_get_info (tensor->dtype)->item_size;

  if (tensor->numel == 0)
    {
      ckpt_payload_init_bytes (payload, g_bytes_new_static ("", 0));
      return TRUE;
    }
  if (!is_plain (tree, tensor))
    return ckpt_payload_init_elements (payload, tree, tensor, error);
  return ckpt_payload_init_part (payload, tree, tensor->storage, begin, tensor->n_bytes, FALSE, error);
}

static void
end_record (CkptPlan *plan, CkptPlanRecord *record)
{
  record->size = record->payload.size;
  record->offset = plan->size;
  plan->size += record->size;
}

static gboolean
add_records (CkptSafetensorsWriter *self, GError **error)
{
  CkptPlan *plan = self->plan;
  GBytes *header = make_header (self, error);
  CkptPlanRecord *record;

  if (header == NULL)
    return FALSE;

  record = ckpt_plan_add_record (plan, "header", -1);
  ckpt_payload_init_bytes (&record->payload, header);
  end_record (plan, record);
  for (guint i = 0; i < self->entries->len; i++)
    {
      const CkptSafetensorsEntry *entry = &g_array_index (self->entries, CkptSafetensorsEntry, i);

      record = ckpt_plan_add_record (plan, entry->name, -1);
      if (!make_payload (plan->tree, entry->tensor, &record->payload, error))
        {
          g_prefix_error (error, "%s: ", entry->name);
          return FALSE;
        }
      end_record (plan, record);
    }
  return TRUE;
}

static gboolean
plan_safetensors (CkptPlan *plan, GError **error)
{
  CkptSafetensorsWriter *self = g_new0 (CkptSafetensorsWriter, 1);

  plan->data = self;
  self->plan = plan;
  plan->size = LENGTH_SIZE;
  self->entries = g_array_new (FALSE, FALSE, sizeof (CkptSafetensorsEntry));
  self->metadata = g_array_new (FALSE, FALSE, sizeof (CkptSafetensorsFact));
  if (!ckpt_safetensors_writer_choose (self, error))
    return FALSE;

  g_array_sort (self->entries, compare_entries);
  return add_records (self, error);
}

static gboolean
write_safetensors (CkptPlan *plan, CkptWriter *writer, GError **error)
{
  guint64 length = GUINT64_TO_LE (ckpt_plan_get_record (plan, 0)->size);

  if (!ckpt_writer_write (writer, &length, sizeof length, error))
    return FALSE;
  for (guint i = 0; i < plan->records->len; i++)
    if (!ckpt_payload_write (&ckpt_plan_get_record (plan, i)->payload, writer, NULL, error))
      return FALSE;
  return TRUE;
}

/* The values of the file come in the order of its header. */
static gboolean
is_tensor_same (CkptTree *read, guint32 place, const CkptSafetensorsEntry *entry)
{
  const CkptTensor *tensor;
  CkptChild child;

  ckpt_tree_get_child (read, ckpt_tree_get_root (read), place, &child);
  tensor = ckpt_tree_get_node_tensor (read, child.node);
  return tensor != NULL && tensor->dtype == entry->tensor->dtype && tensor->n_dims == entry->tensor->n_dims &&
         (tensor->n_dims == 0 ||
          memcmp (tensor->shape, entry->tensor->shape, tensor->n_dims * sizeof *tensor->shape) == 0);
}

/* Order and strides of the tensors are not those of the tree; names, types and shapes are. */
static gboolean
verify_safetensors (CkptPlan *plan, CkptTree *read, GError **error)
{
  CkptSafetensorsWriter *self = plan->data;

  if (plan->is_whole)
    return ckpt_verify_tree (plan->tree, read, error);
  if (ckpt_tree_get_n_children (read, ckpt_tree_get_root (read)) != self->has_metadata + self->entries->len)
    return ckpt_error_set (error, CKPT_ERROR_SAVE, "verify-records",
                           _ ("The new file has not all of its records."));
  for (guint i = 0; i < self->entries->len; i++)
    if (!is_tensor_same (read, self->has_metadata + i,
                         &g_array_index (self->entries, CkptSafetensorsEntry, i)))
      return ckpt_error_set (error, CKPT_ERROR_SAVE, "verify-values",
                             _ ("The new file does not hold what was saved: a tensor of it differs."));
  return TRUE;
}

const CkptWriteFormat ckpt_write_safetensors = {
  .container = CKPT_CONTAINER_SAFETENSORS,
  .plan = plan_safetensors,
  .write = write_safetensors,
  .verify = verify_safetensors,
  .free = safetensors_free,
};
