/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "formats/ckpt-format.h"

#include "io/ckpt-alloc.h"
#include "io/ckpt-limits.h"
#include "model/ckpt-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <yyjson.h>

/* safetensors: a little-endian 64-bit length, so many bytes of JSON, and the data. The rules are those of the official parser
 * (safetensors/src/tensor.rs) where they protect the reader; what only makes a file untidy is a warning here. */

#define LENGTH_SIZE  8
#define METADATA_KEY "__metadata__"

typedef struct
{
  guint64 begin;
  guint64 end;
  const char *name;
} Range;

typedef struct
{
  CkptLoader *loader;
  char *text; /* the header; yyjson's strings point into it */
  gsize text_length;
  guint64 data;      /* byte of the file where offsets count from */
  guint64 data_size; /* bytes from there to the end of the file */
  GHashTable *names; /* of tensors seen so far */
  GArray *ranges;    /* of Range */
} Header;

static gboolean
is_space (guint8 c)
{
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static guint64
read_length (const guint8 *head)
{
  guint64 length;

  memcpy (&length, head, sizeof length);
  return GUINT64_FROM_LE (length);
}

/* A length that cannot be is still a safetensors file, broken, if a JSON object follows; a sound length needs less proof. */
static gboolean
recognises_safetensors (const guint8 *head, gsize length, guint64 file_size)
{
  gsize i = LENGTH_SIZE;
  gboolean is_sound;

  if (length < LENGTH_SIZE + 2)
    return FALSE;

  is_sound = read_length (head) <= file_size - LENGTH_SIZE && read_length (head) >= 2;
  while (i < length && is_space (head[i]))
    i++;
  if (i >= length)
    return is_sound && read_length (head) <= CKPT_LIMIT_SAFETENSORS_HEADER;

  if (is_sound)
    return head[i] == '{' || head[i] == '[' || (length >= i + 3 && memcmp (head + i, "\357\273\277", 3) == 0);

  return head[i] == '{' && i + 1 < length &&
         (head[i + 1] == '"' || head[i + 1] == '}' || is_space (head[i + 1]));
}

static gboolean G_GNUC_PRINTF (5, 6)
fail (GError **error, CkptError domain_code, const char *code, guint64 offset, const char *format, ...)
{
  g_autofree char *sentence = NULL;
  va_list args;

  va_start (args, format);
  sentence = g_strdup_vprintf (format, args);
  va_end (args);

  return ckpt_error_set_at (error, domain_code, code, "header", offset,
                            offset == CKPT_NO_OFFSET ? offset : offset + LENGTH_SIZE, "%s", sentence);
}

static gboolean
check_length (guint64 length, guint64 file_size, GError **error)
{
  if (length > CKPT_LIMIT_SAFETENSORS_HEADER)
    return fail (error, CKPT_ERROR_LIMIT, "safetensors-header-size", CKPT_NO_OFFSET,
                 _ ("The file says that its header has %" G_GUINT64_FORMAT
                    " bytes; more than %u are not read, by this program or by safetensors."),
                 length, CKPT_LIMIT_SAFETENSORS_HEADER);

  if (length > file_size - LENGTH_SIZE)
    return fail (error, CKPT_ERROR_TRUNCATED, "safetensors-header-cut", CKPT_NO_OFFSET,
                 _ ("The header needs %" G_GUINT64_FORMAT " bytes, but only %" G_GUINT64_FORMAT
                    " remain. The download may not have finished."),
                 length, file_size - LENGTH_SIZE);

  return TRUE;
}

static gboolean
read_header (Header *self, GError **error)
{
  CkptSource *source = self->loader->source;
  guint64 file_size = ckpt_source_get_size (source);
  guint8 head[LENGTH_SIZE];
  guint64 length;

  if (!ckpt_source_read (source, 0, head, sizeof head, error))
    return FALSE;

  length = read_length (head);
  if (!check_length (length, file_size, error))
    return FALSE;

  self->text = ckpt_try_malloc (length + YYJSON_PADDING_SIZE, error);
  if (self->text == NULL)
    return FALSE;

  memset (self->text + length, 0, YYJSON_PADDING_SIZE);
  self->text_length = length;
  self->data = LENGTH_SIZE + length;
  self->data_size = file_size - self->data;
  ckpt_archive_add (self->loader->archive, "header", -1, LENGTH_SIZE, length);
  return ckpt_source_read (source, LENGTH_SIZE, self->text, length, error);
}

static yyjson_doc *
parse_header (Header *self, GError **error)
{
  yyjson_read_err problem;
  yyjson_doc *document;

  if (self->text_length > 0 && is_space (self->text[0]))
    ckpt_warnings_add (
        self->loader->warnings, "safetensors-leading-space", "header", 0,
        _ ("The header does not begin with “{”. Older versions of safetensors do not load this file."));

  document = yyjson_read_opts (self->text, self->text_length, YYJSON_READ_INSITU, NULL, &problem);
  if (document == NULL)
    {
      fail (error, CKPT_ERROR_MALFORMED, "safetensors-json", problem.pos,
            _ ("The header is not valid JSON: %s."), problem.msg);
      return NULL;
    }

  if (!yyjson_is_obj (yyjson_doc_get_root (document)))
    {
      yyjson_doc_free (document);
      fail (error, CKPT_ERROR_MALFORMED, "safetensors-not-object", 0,
            _ ("The header is JSON, but no object."));
      return NULL;
    }

  return document;
}

/* Byte of the header where a string begins: they are read in place. */
static guint64
get_position (Header *self, yyjson_val *string)
{
  return yyjson_get_str (string) - self->text;
}

static CkptNodeId
add_string (Header *self, yyjson_val *string, GError **error)
{
  return ckpt_nodes_add_text (self->loader->nodes, CKPT_KIND_STRING, 0, 0, yyjson_get_str (string),
                              yyjson_get_len (string), error);
}

static gboolean
add_pair (Header *self, CkptNodeId dict, yyjson_val *key, CkptNodeId value, GError **error)
{
  CkptNodeId pair[2] = { add_string (self, key, error), value };

  return pair[0] != CKPT_NO_NODE && ckpt_nodes_append (self->loader->nodes, dict, pair, 2, error);
}

static CkptNodeId
add_dict (Header *self, GError **error)
{
  return ckpt_nodes_add_container (self->loader->nodes, CKPT_KIND_DICT, 0, 0, NULL, 0, error);
}

/* Values other than text break a rule of the format; they are shown as their JSON text. */
static CkptNodeId
add_metadata_value (Header *self, yyjson_val *key, yyjson_val *value, GError **error)
{
  char *json;
  CkptNodeId node;

  if (yyjson_is_str (value))
    return add_string (self, value, error);

  ckpt_warnings_add (self->loader->warnings, "safetensors-metadata", "header", get_position (self, key),
                     _ ("A value of the metadata is not text. safetensors does not load this file."));
  json = yyjson_val_write (value, 0, NULL);
  node = ckpt_nodes_add_text (self->loader->nodes, CKPT_KIND_STRING, 0, 0, json != NULL ? json : "",
                              json != NULL ? strlen (json) : 0, error);
  free (json);
  return node;
}

static gboolean
add_metadata (Header *self, CkptNodeId root, yyjson_val *key, yyjson_val *metadata, GError **error)
{
  CkptNodeId dict = add_dict (self, error);
  yyjson_val *name, *value;
  size_t i, n;

  if (dict == CKPT_NO_NODE)
    return FALSE;

  if (!yyjson_is_obj (metadata))
    return fail (error, CKPT_ERROR_MALFORMED, "safetensors-metadata", get_position (self, key),
                 _ ("The metadata is no JSON object."));

  yyjson_obj_foreach (metadata, i, n, name, value)
  {
    CkptNodeId node = add_metadata_value (self, name, value, error);

    if (node == CKPT_NO_NODE || !add_pair (self, dict, name, node, error))
      return FALSE;
    if (yyjson_equals_str (name, "format") && yyjson_is_str (value))
      ckpt_tree_add_fact (self->loader->tree, "format", yyjson_get_str (value));
  }

  return add_pair (self, root, key, dict, error);
}

/* The three fields of a tensor; each exactly once. */
static gboolean
get_fields (Header *self, yyjson_val *name, yyjson_val *fields, yyjson_val *found[3], GError **error)
{
  static const char *const names[] = { "dtype", "shape", "data_offsets" };
  yyjson_val *key, *value;
  size_t i, n;

  yyjson_obj_foreach (fields, i, n, key, value) for (guint field = 0; field < G_N_ELEMENTS (names); field++)
  {
    if (!yyjson_equals_str (key, names[field]))
      continue;
    if (found[field] != NULL)
      return fail (error, CKPT_ERROR_MALFORMED, "key-twice", get_position (self, key),
                   _ ("One tensor has “%s” twice, and programs disagree on which one counts."), names[field]);
    found[field] = value;
  }

  if (!yyjson_is_str (found[0]) || !yyjson_is_arr (found[1]) || !yyjson_is_arr (found[2]) ||
      yyjson_arr_size (found[2]) != 2)
    return fail (error, CKPT_ERROR_MALFORMED, "safetensors-tensor", get_position (self, name),
                 _ ("A tensor has no dtype, shape and data_offsets as safetensors writes them."));
  return TRUE;
}

static gboolean
get_range (Header *self, yyjson_val *name, yyjson_val *offsets, Range *range, GError **error)
{
  yyjson_val *begin = yyjson_arr_get_first (offsets);
  yyjson_val *end = yyjson_arr_get_last (offsets);

  if (!yyjson_is_uint (begin) || !yyjson_is_uint (end))
    return fail (error, CKPT_ERROR_MALFORMED, "safetensors-number", get_position (self, name),
                 _ ("The data_offsets of a tensor are not whole numbers of 64 bits."));

  range->begin = yyjson_get_uint (begin);
  range->end = yyjson_get_uint (end);
  range->name = yyjson_get_str (name);
  if (range->begin > range->end)
    return fail (error, CKPT_ERROR_MALFORMED, "safetensors-offsets", get_position (self, name),
                 _ ("A tensor ends at %" G_GUINT64_FORMAT ", before it begins at %" G_GUINT64_FORMAT "."),
                 range->end, range->begin);
  return TRUE;
}

static gboolean
get_shape (Header *self, yyjson_val *name, yyjson_val *list, gint64 **shape, GError **error)
{
  g_autofree gint64 *sizes = g_new0 (gint64, yyjson_arr_size (list) + 1);
  yyjson_val *size;
  size_t i, n;

  yyjson_arr_foreach (list, i, n, size)
  {
    if (!yyjson_is_uint (size) || yyjson_get_uint (size) > G_MAXINT64)
      return fail (error, CKPT_ERROR_MALFORMED, "safetensors-number", get_position (self, name),
                   _ ("The shape of a tensor is not of whole numbers."));
    sizes[i] = yyjson_get_uint (size);
  }

  *shape = g_steal_pointer (&sizes);
  return TRUE;
}

/* Row-major strides, and the product of the sizes; FALSE if it does not fit. */
static gboolean
measure (CkptTensor *tensor, gint64 *stride)
{
  guint64 numel = 1;
  gboolean fits = TRUE;
  guint64 step = 1;

  for (guint32 i = 0; i < tensor->n_dims; i++)
    fits = fits && g_uint64_checked_mul (&numel, numel, tensor->shape[i]);
  for (guint32 i = tensor->n_dims; i-- > 0;)
    {
      stride[i] = step;
      if (!g_uint64_checked_mul (&step, step, MAX (tensor->shape[i], 1)) || step > G_MAXINT64)
        step = 1;
    }

  tensor->numel = fits ? numel : 0;
  return fits && numel <= G_MAXINT64;
}

/* float4 pairs: PyTorch counts bytes, safetensors counts numbers. */
static gboolean
halve_last_dimension (CkptTensor *tensor, gint64 *shape)
{
  if (tensor->n_dims == 0 || shape[tensor->n_dims - 1] % 2 != 0)
    return FALSE;

  shape[tensor->n_dims - 1] /= 2;
  return TRUE;
}

/* Says what is wrong with a tensor's description, or NULL. */
static char *
find_problem (CkptTensor *tensor, gint64 *shape, gint64 *stride, const char *dtype, Range *range)
{
  guint64 n_bytes = 0;
  guint64 bits;

  if (tensor->dtype == CKPT_DTYPE_UNKNOWN)
    {
      g_autofree char *shown = ckpt_text_escape (dtype, strlen (dtype), 32);

      return g_strdup_printf (_ ("Its element type is not known: %s."), shown);
    }
  if (tensor->dtype == CKPT_DTYPE_FLOAT4_E2M1FN_X2 && !halve_last_dimension (tensor, shape))
    return g_strdup (_ ("Its numbers of 4 bits do not end on a whole byte."));
  if (!measure (tensor, stride) ||
      !g_uint64_checked_mul (&bits, tensor->numel, ckpt_dtype_get_info (tensor->dtype)->bits))
    return g_strdup (_ ("It has more elements than 64 bits can count."));
  if (bits % 8 != 0)
    return g_strdup (_ ("Its elements do not end on a whole byte."));

  n_bytes = bits / 8;
  tensor->n_bytes = n_bytes;
  if (n_bytes != range->end - range->begin)
    return g_strdup_printf (
        _ ("It needs %" G_GUINT64_FORMAT " bytes, but its range has %" G_GUINT64_FORMAT "."), n_bytes,
        range->end - range->begin);
  return NULL;
}

static guint
add_storage (Header *self, yyjson_val *name, CkptTensor *tensor, Range *range)
{
  CkptStorage storage = {
    .key = (char *) ckpt_tree_intern (self->loader->tree, range->name),
    .location = tensor->device,
    .dtype = tensor->dtype,
    .numel = tensor->numel,
    .n_bytes = range->end - range->begin,
    .n_bytes_present = range->begin > self->data_size ? 0 : MIN (range->end, self->data_size) - range->begin,
    .node = CKPT_NO_NODE,
  };

  storage.record = ckpt_archive_add (self->loader->archive, range->name, yyjson_get_len (name),
                                     self->data + MIN (range->begin, self->data_size),
                                     storage.n_bytes_present);
  return ckpt_tree_add_storage (self->loader->tree, &storage);
}

static void
warn_of_tensor (Header *self, CkptNodeId node, const char *problem, Range *range)
{
  if (problem != NULL)
    ckpt_warnings_add_node (self->loader->warnings, "tensor-malformed", node, "%s", problem);
  else if (range->end > self->data_size)
    ckpt_warnings_add_node (self->loader->warnings, "storage-short", node,
                            _ ("Its values end %" G_GUINT64_FORMAT
                               " bytes after the end of the file. The download may not have finished."),
                            range->end - self->data_size);
}

static CkptNodeId
add_tensor (Header *self, yyjson_val *name, yyjson_val *found[3], Range *range, GError **error)
{
  g_autofree gint64 *shape = NULL;
  g_autofree gint64 *stride = NULL;
  g_autofree char *problem = NULL;
  const char *dtype = yyjson_get_str (found[0]);
  CkptTensor tensor = {
    .dtype = ckpt_dtype_from_safetensors (dtype),
    .n_dims = yyjson_arr_size (found[1]),
    .device = ckpt_tree_intern (self->loader->tree, "cpu"),
    .class_name = ckpt_tree_intern (self->loader->tree, "Tensor"),
    .inner = CKPT_NO_TENSOR,
    .tied_to = CKPT_NO_TENSOR,
  };
  CkptNodeId node;

  if (!get_shape (self, name, found[1], &shape, error))
    return CKPT_NO_NODE;

  stride = g_new0 (gint64, tensor.n_dims + 1);
  tensor.shape = shape;
  tensor.stride = stride;
  problem = find_problem (&tensor, shape, stride, dtype, range);
  tensor.storage = add_storage (self, name, &tensor, range);
  if (problem != NULL)
    {
      tensor.flags |= CKPT_TENSOR_BROKEN;
      tensor.problem = ckpt_tree_intern (self->loader->tree, problem);
    }

  node = ckpt_tree_add_tensor (self->loader->tree, &tensor, error);
  if (node != CKPT_NO_NODE)
    warn_of_tensor (self, node, problem, range);
  return node;
}

static gboolean
add_entry (Header *self, CkptNodeId root, yyjson_val *name, yyjson_val *fields, GError **error)
{
  yyjson_val *found[3] = { NULL, NULL, NULL };
  CkptNodeId node;
  Range range;

  if (!g_hash_table_add (self->names, g_bytes_new_static (yyjson_get_str (name), yyjson_get_len (name))))
    return fail (error, CKPT_ERROR_MALFORMED, "key-twice", get_position (self, name),
                 _ ("A tensor name appears twice in the header, and programs disagree on which one counts."));

  if (!get_fields (self, name, fields, found, error) || !get_range (self, name, found[2], &range, error))
    return FALSE;

  node = add_tensor (self, name, found, &range, error);
  if (node == CKPT_NO_NODE)
    return FALSE;

  g_array_append_val (self->ranges, range);
  return add_pair (self, root, name, node, error);
}

static int
compare_ranges (gconstpointer a, gconstpointer b)
{
  const Range *x = a, *y = b;

  if (x->begin != y->begin)
    return x->begin < y->begin ? -1 : 1;
  return (x->end > y->end) - (x->end < y->end);
}

/* The official parser wants the ranges to cover the data exactly. */
static void
check_ranges (Header *self)
{
  CkptWarnings *warnings = self->loader->warnings;
  guint64 end = 0;

  g_array_sort (self->ranges, compare_ranges);
  for (guint i = 0; i < self->ranges->len; i++)
    {
      Range *range = &g_array_index (self->ranges, Range, i);

      if (range->begin < end)
        ckpt_warnings_add (warnings, "safetensors-overlap", range->name, 0,
                           _ ("A tensor begins at %" G_GUINT64_FORMAT
                              ", before another one ends at %" G_GUINT64_FORMAT
                              ". safetensors does not load this file."),
                           range->begin, end);
      else if (range->begin > end)
        ckpt_warnings_add (warnings, "safetensors-gap", range->name, 0,
                           _ ("%" G_GUINT64_FORMAT
                              " bytes before a tensor belong to none. safetensors does not load this file."),
                           range->begin - end);
      end = MAX (end, range->end);
    }

  if (end > self->data_size)
    ckpt_tree_set_cut (self->loader->tree);
  else if (end < self->data_size)
    ckpt_warnings_add (
        warnings, "bytes-after-data", NULL, self->data + end,
        _ ("%" G_GUINT64_FORMAT " bytes follow the last tensor. safetensors does not load this file."),
        self->data_size - end);
}

static gboolean
add_entries (Header *self, yyjson_val *object, GError **error)
{
  CkptNodeId root = add_dict (self, error);
  yyjson_val *key, *value;
  size_t i, n;

  if (root == CKPT_NO_NODE)
    return FALSE;
  ckpt_tree_set_root (self->loader->tree, root);

  yyjson_obj_foreach (object, i, n, key, value)
  {
    gboolean is_metadata = yyjson_equals_str (key, METADATA_KEY);

    if (is_metadata ? !add_metadata (self, root, key, value, error)
                    : !add_entry (self, root, key, value, error))
      return FALSE;
    if (g_cancellable_set_error_if_cancelled (self->loader->cancellable, error))
      return FALSE;
  }

  check_ranges (self);
  return TRUE;
}

static gboolean
load_safetensors (CkptLoader *loader, GError **error)
{
  Header self = { .loader = loader };
  yyjson_doc *document = NULL;
  gboolean ok;

  ckpt_tree_set_container (loader->tree, CKPT_CONTAINER_SAFETENSORS, _ ("safetensors file"));
  self.names = g_hash_table_new_full (g_bytes_hash, g_bytes_equal, (GDestroyNotify) g_bytes_unref, NULL);
  self.ranges = g_array_new (FALSE, FALSE, sizeof (Range));

  ok = read_header (&self, error) && (document = parse_header (&self, error)) != NULL &&
       add_entries (&self, yyjson_doc_get_root (document), error);

  yyjson_doc_free (document);
  g_array_unref (self.ranges);
  g_hash_table_unref (self.names);
  g_free (self.text);
  return ok;
}

const CkptFormat ckpt_format_safetensors = {
  .name = "safetensors",
  .recognises = recognises_safetensors,
  .load = load_safetensors,
};
