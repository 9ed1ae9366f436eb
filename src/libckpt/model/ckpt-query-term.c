/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/ckpt-query-term.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "model/ckpt-glob.h"
#include "model/ckpt-query-shape.h"
#include "model/ckpt-text.h"

#define SHOWN_CHARS 40 /* of a term in a message */

struct _CkptQueryTerm
{
  CkptField field;
  gboolean is_negated;
  guint64 dtypes; /* a bit for each CkptDtype that is meant */
  GStrv names;    /* small letters, perhaps with * */
  CkptQueryShape *shape;
  CkptAmount amount;
};

G_STATIC_ASSERT (CKPT_N_DTYPES <= 64);

/* Words for several dtypes. */
static const struct
{
  const char *name;
  guint classes; /* a bit for each CkptDtypeClass */
} families[] = {
  { "float", 1u << CKPT_CLASS_FLOAT },         { "int", 1u << CKPT_CLASS_SIGNED | 1u << CKPT_CLASS_UNSIGNED },
  { "uint", 1u << CKPT_CLASS_UNSIGNED },       { "complex", 1u << CKPT_CLASS_COMPLEX },
  { "quantized", 1u << CKPT_CLASS_QUANTIZED }, { "bits", 1u << CKPT_CLASS_BITS },
};

/* What people call dtypes elsewhere. */
static const struct
{
  const char *name;
  const char *dtype;
} short_names[] = {
  { "fp64", "float64" },  { "fp32", "float32" }, { "fp16", "float16" },
  { "bf16", "bfloat16" }, { "fp8", "float8*" },  { "f64", "float64" },
  { "f32", "float32" },   { "f16", "float16" },  { "float8", "float8*" },
};

static guint64
get_family (const char *name)
{
  guint classes = 0;
  guint64 dtypes = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (families); i++)
    if (g_str_equal (families[i].name, name))
      classes = families[i].classes;
  for (guint i = 0; i < CKPT_N_DTYPES; i++)
    if (classes >> ckpt_dtype_get_info (i)->dtype_class & 1)
      dtypes |= (guint64) 1 << i;
  return dtypes;
}

/* A bit for each dtype that a name or a pattern stands for; none if there is no such dtype. */
static guint64
find_dtypes (const char *name)
{
  guint64 dtypes;

  if (g_str_has_prefix (name, "torch."))
    name += strlen ("torch.");
  for (gsize i = 0; i < G_N_ELEMENTS (short_names); i++)
    if (g_str_equal (short_names[i].name, name))
      name = short_names[i].dtype;
  dtypes = get_family (name);
  if (dtypes != 0)
    return dtypes;
  for (guint i = CKPT_DTYPE_UNKNOWN + 1; i < CKPT_N_DTYPES; i++)
    if (ckpt_glob_match (name, ckpt_dtype_get_name (i)))
      dtypes |= (guint64) 1 << i;
  if (dtypes == 0 && ckpt_dtype_from_name (name) != CKPT_DTYPE_UNKNOWN)
    dtypes = (guint64) 1 << ckpt_dtype_from_name (name);
  return dtypes;
}

static gboolean
set_error (GError **error, CkptField field, const char *value)
{
  g_autofree char *shown = ckpt_text_escape (value, strlen (value), SHOWN_CHARS);

  switch (field)
    {
    case CKPT_FIELD_DTYPE:
      return ckpt_error_set (error, CKPT_ERROR_NO_SUCH_PATH, "query-syntax",
                             _ ("“%s” is no dtype. Write float16, int or float8*."), shown);
    case CKPT_FIELD_SHAPE:
      return ckpt_error_set (error, CKPT_ERROR_NO_SUCH_PATH, "query-syntax",
                             _ ("“%s” is no shape. Write 768x768, 768x* or >1000x*."), shown);
    case CKPT_FIELD_SIZE:
      return ckpt_error_set (error, CKPT_ERROR_NO_SUCH_PATH, "query-syntax",
                             _ ("“%s” is no size. Write >10MB, <=4KiB or 1MB..2MB."), shown);
    case CKPT_FIELD_VALUES:
    case CKPT_FIELD_DIMS:
      return ckpt_error_set (error, CKPT_ERROR_NO_SUCH_PATH, "query-syntax",
                             _ ("“%s” is no number. Write >1M, 768 or 1k..2k."), shown);
    case CKPT_FIELD_DEVICE:
      return ckpt_error_set (error, CKPT_ERROR_NO_SUCH_PATH, "query-syntax",
                             _ ("A device is missing. Write device:cuda:1 or device:cuda."));
    case CKPT_FIELD_TYPE:
    default:
      return ckpt_error_set (error, CKPT_ERROR_NO_SUCH_PATH, "query-syntax",
                             _ ("A type is missing. Write type:dict or type:float32."));
    }
}

/* Names between commas. */
static GStrv
split_names (const char *value)
{
  g_autofree char *lower = g_ascii_strdown (value, -1);
  g_auto (GStrv) parts = g_strsplit (lower, ",", -1);
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  for (gsize i = 0; parts[i] != NULL; i++)
    if (g_strstrip (parts[i])[0] != '\0')
      g_strv_builder_add (names, parts[i]);
  return g_strv_builder_end (names);
}

static gboolean
set_dtypes (CkptQueryTerm *self, GError **error)
{
  for (gsize i = 0; self->names[i] != NULL; i++)
    {
      guint64 dtypes = find_dtypes (self->names[i]);

      if (dtypes == 0)
        return set_error (error, self->field, self->names[i]);
      self->dtypes |= dtypes;
    }
  return self->dtypes != 0 || set_error (error, self->field, "");
}

static gboolean
set_value (CkptQueryTerm *self, const char *value, GError **error)
{
  gboolean is_good;

  self->names = split_names (value);
  switch (self->field)
    {
    case CKPT_FIELD_DTYPE:
      return set_dtypes (self, error);
    case CKPT_FIELD_SHAPE:
      self->shape = ckpt_query_shape_new (value);
      is_good = self->shape != NULL;
      break;
    case CKPT_FIELD_SIZE:
      is_good = ckpt_amount_parse (&self->amount, value, CKPT_AMOUNT_BYTES);
      break;
    case CKPT_FIELD_DIMS:
    case CKPT_FIELD_VALUES:
      is_good = ckpt_amount_parse (&self->amount, value, CKPT_AMOUNT_COUNT);
      break;
    case CKPT_FIELD_TYPE:
    case CKPT_FIELD_DEVICE:
    default:
      is_good = self->names[0] != NULL;
      break;
    }
  return is_good || set_error (error, self->field, value);
}

/**
 * ckpt_query_term_new:
 * @field: what it is about
 * @value: what is asked of that
 * @is_negated: whether it is asked that it be otherwise
 * @error: return location
 *
 * Returns: (transfer full): the term, or %NULL with %CKPT_ERROR_NO_SUCH_PATH, "query-syntax": @value is nothing that can be asked
 */
CkptQueryTerm *
ckpt_query_term_new (CkptField field, const char *value, gboolean is_negated, GError **error)
{
  g_autoptr (CkptQueryTerm) self = g_new0 (CkptQueryTerm, 1);

  self->field = field;
  self->is_negated = is_negated;
  if (!set_value (self, value, error))
    return NULL;
  return g_steal_pointer (&self);
}

/* Whether a word is numbers with x or × between them. */
static gboolean
looks_like_shape (const char *word)
{
  gboolean has_digit = FALSE, has_cross = FALSE;

  for (const char *at = word; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (c != 'x' && c != 0xd7 && c != '*' && (c > 127 || !g_ascii_isdigit ((char) c)))
        return FALSE;
      has_digit |= c < 128 && g_ascii_isdigit ((char) c);
      has_cross |= c == 'x' || c == 0xd7;
    }
  return has_digit && has_cross;
}

/**
 * ckpt_query_term_new_for_word:
 * @word: in UTF-8
 *
 * Returns: (transfer full): what finds the tensors that show @word as their shape, dtype or device
 */
CkptQueryTerm *
ckpt_query_term_new_for_word (const char *word)
{
  g_autofree char *lower = g_ascii_strdown (word, -1);
  CkptQueryTerm *term = NULL;

  if (looks_like_shape (lower))
    term = ckpt_query_term_new (CKPT_FIELD_SHAPE, lower, FALSE, NULL);
  else if (g_str_equal (ckpt_dtype_get_name (ckpt_dtype_from_name (lower)), lower))
    term = ckpt_query_term_new (CKPT_FIELD_DTYPE, lower, FALSE, NULL);
  if (term == NULL)
    {
      term = g_new0 (CkptQueryTerm, 1);
      term->field = CKPT_FIELD_DEVICE;
      term->names = g_new0 (char *, 2);
      term->names[0] = g_steal_pointer (&lower);
    }
  return term;
}

/**
 * ckpt_query_term_free:
 */
void
ckpt_query_term_free (CkptQueryTerm *self)
{
  g_strfreev (self->names);
  g_clear_pointer (&self->shape, ckpt_query_shape_free);
  g_free (self);
}

static gboolean
matches_name (const CkptQueryTerm *self, const char *name)
{
  g_autofree char *lower = name != NULL ? g_ascii_strdown (name, -1) : NULL;

  for (gsize i = 0; lower != NULL && self->names[i] != NULL; i++)
    if (ckpt_glob_match (self->names[i], lower))
      return TRUE;
  return FALSE;
}

/* "cuda" is any of them. */
static gboolean
matches_device (const CkptQueryTerm *self, const char *device)
{
  g_autofree char *lower = NULL;
  char *colon;

  if (device == NULL)
    return FALSE;
  if (matches_name (self, device))
    return TRUE;
  lower = g_strdup (device);
  colon = strchr (lower, ':');
  if (colon != NULL)
    *colon = '\0';
  return colon != NULL && matches_name (self, lower);
}

/* What a tree shows as the type of a value, and what else it is called: OrderedDict, collections.OrderedDict, dict. */
static gboolean
matches_type (const CkptQueryTerm *self, CkptTree *tree, CkptNodeId node, const CkptTensor *tensor)
{
  const char *class_name = tensor != NULL ? tensor->class_name : ckpt_tree_get_class_name (tree, node);
  const char *dot = class_name != NULL ? strrchr (class_name, '.') : NULL;

  return (tensor != NULL && matches_name (self, ckpt_dtype_get_name (tensor->dtype))) ||
         matches_name (self, ckpt_kind_get_name (ckpt_tree_get_kind (tree, node))) ||
         matches_name (self, class_name) || (dot != NULL && matches_name (self, dot + 1));
}

static gboolean
matches_tensor (const CkptQueryTerm *self, const CkptTensor *tensor)
{
  switch (self->field)
    {
    case CKPT_FIELD_DTYPE:
      return self->dtypes >> tensor->dtype & 1;
    case CKPT_FIELD_SHAPE:
      return ckpt_query_shape_matches (self->shape, tensor);
    case CKPT_FIELD_DIMS:
      return ckpt_amount_contains (&self->amount, tensor->n_dims);
    case CKPT_FIELD_DEVICE:
      return matches_device (self, tensor->device);
    case CKPT_FIELD_SIZE:
      return ckpt_amount_contains (&self->amount, tensor->n_bytes);
    case CKPT_FIELD_VALUES:
      return ckpt_amount_contains (&self->amount, tensor->numel);
    case CKPT_FIELD_TYPE:
    default:
      return FALSE;
    }
}

static gboolean
matches_storage (const CkptQueryTerm *self, const CkptStorage *storage)
{
  switch (self->field)
    {
    case CKPT_FIELD_DTYPE:
      return self->dtypes >> storage->dtype & 1;
    case CKPT_FIELD_DEVICE:
      return matches_device (self, storage->location);
    case CKPT_FIELD_SIZE:
      return ckpt_amount_contains (&self->amount, storage->n_bytes);
    case CKPT_FIELD_VALUES:
      return ckpt_amount_contains (&self->amount, storage->numel);
    case CKPT_FIELD_TYPE:
    case CKPT_FIELD_SHAPE:
    case CKPT_FIELD_DIMS:
    default:
      return FALSE;
    }
}

/**
 * ckpt_query_term_matches:
 * @node: a value of @tree
 *
 * Returns: whether the value is as asked. What is asked of tensors, negated or not, no other value is, but for storages by themselves.
 */
gboolean
ckpt_query_term_matches (const CkptQueryTerm *self, CkptTree *tree, CkptNodeId node)
{
  const CkptTensor *tensor = ckpt_tree_get_node_tensor (tree, node);
  const CkptStorage *storage = NULL;

  if (self->field == CKPT_FIELD_TYPE)
    return matches_type (self, tree, node, tensor) != self->is_negated;
  if (tensor != NULL)
    return matches_tensor (self, tensor) != self->is_negated;
  storage = ckpt_tree_get_node_storage (tree, node);
  return storage != NULL && matches_storage (self, storage) != self->is_negated;
}
