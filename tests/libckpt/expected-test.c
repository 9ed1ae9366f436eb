/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ckpt.h"

#include "analysis/ckpt-state-dict.h"

#include <math.h>
#include <string.h>
#include <yyjson.h>

/* Every checkpoint of the fixtures (and of a folder of real ones, where there is one) against what PyTorch sees in it: the files of
 * expected/, which tests/fixtures/README.md explains. */

#define BLOCK 4096

typedef struct
{
  char *checkpoint;
  char *expected;
} Pair;

static void
pair_free (Pair *pair)
{
  g_free (pair->checkpoint);
  g_free (pair->expected);
  g_free (pair);
}

static yyjson_doc *
read_json (const char *path)
{
  yyjson_read_err problem;
  yyjson_doc *document = yyjson_read_file (path, YYJSON_READ_BIGNUM_AS_RAW, NULL, &problem);

  if (document == NULL)
    g_error ("%s: %s", path, problem.msg);
  return document;
}

static gboolean
is_text_key (CkptTree *tree, CkptNodeId key, const char *wanted)
{
  g_autofree char *repr = NULL;
  gsize length;

  if (ckpt_tree_get_kind (tree, key) == CKPT_KIND_STRING)
    return strcmp (ckpt_tree_peek_text (tree, key, &length, NULL), wanted) == 0;

  /* Keys that are neither text nor int stand as Python's repr, which quotes text otherwise than ours. */
  repr = ckpt_tree_repr (tree, key);
  g_strdelimit (repr, "\"", '\'');
  return g_strcmp0 (repr, wanted) == 0;
}

static gboolean
is_step (CkptTree *tree, const CkptChild *child, yyjson_val *wanted)
{
  gint64 value;

  if (yyjson_is_str (wanted))
    return child->kind == CKPT_STEP_KEY && is_text_key (tree, child->key, yyjson_get_str (wanted));
  if (child->kind == CKPT_STEP_INDEX)
    return (gint64) child->index == yyjson_get_sint (wanted);
  return child->kind == CKPT_STEP_KEY && ckpt_tree_get_kind (tree, child->key) == CKPT_KIND_INT &&
         ckpt_tree_get_int (tree, child->key, &value) && value == yyjson_get_sint (wanted);
}

static CkptNodeId
find_child (CkptTree *tree, CkptNodeId node, yyjson_val *step)
{
  CkptChild child;

  for (guint32 i = 0; i < ckpt_tree_get_n_children (tree, node); i++)
    {
      ckpt_tree_get_child (tree, node, i, &child);
      if (is_step (tree, &child, step))
        return child.node;
    }
  return CKPT_NO_NODE;
}

/* What a key of state_dict() is of a pickled module; CKPT_NO_NODE of one that its class made. */
static CkptNodeId
find_in_state_dict (CkptTree *tree, CkptNodeId module, const char *key)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CkptStateDict) state_dict = ckpt_state_dict_new (tree, module, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < state_dict->entries->len; i++)
    {
      const CkptStateEntry *entry = &g_array_index (state_dict->entries, CkptStateEntry, i);

      if (strcmp (entry->key, key) == 0)
        return ckpt_state_entry_get_tensor (entry, tree);
    }
  if (!g_str_has_suffix (key, "_extra_state"))
    g_error ("there is no %s in the state dict", key);
  return CKPT_NO_NODE;
}

/* Follows a path of expected/. */
static CkptNodeId
find_node (CkptTree *tree, const char *path, gboolean *is_computed)
{
  yyjson_doc *document = yyjson_read (path, strlen (path), 0);
  CkptNodeId node = ckpt_tree_get_root (tree);
  yyjson_val *step;
  size_t i, n;

  *is_computed = FALSE;
  yyjson_arr_foreach (yyjson_doc_get_root (document), i, n, step)
  {
    if (yyjson_equals_str (step, "state_dict()"))
      {
        node = find_in_state_dict (tree, node,
                                   yyjson_get_str (yyjson_arr_get (yyjson_doc_get_root (document), i + 1)));
        *is_computed = node == CKPT_NO_NODE;
        break;
      }
    if (node == CKPT_NO_NODE)
      break;
    node = find_child (tree, node, step);
  }
  yyjson_doc_free (document);
  return node;
}

static double
get_number (yyjson_val *value)
{
  return yyjson_is_str (value) ? g_ascii_strtod (yyjson_get_str (value), NULL) : yyjson_get_num (value);
}

static void
compare_integers (const char *path, const char *field, yyjson_val *wanted, const gint64 *numbers, guint32 n)
{
  yyjson_val *number;
  size_t i, n_wanted;

  if (yyjson_arr_size (wanted) != n)
    g_error ("%s: %u dimensions in %s", path, n, field);
  yyjson_arr_foreach (wanted, i, n_wanted, number) if (yyjson_get_sint (number) != numbers[i])
      g_error ("%s: %s is %" G_GINT64_FORMAT " in dimension %zu", path, field, numbers[i], i);
}

static void
compare_values (CkptTree *tree, const CkptTensor *tensor, const char *path, const char *wanted)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize item_size = ckpt_dtype_get_info (tensor->dtype)->item_size;
  g_autofree guint8 *items = g_malloc (BLOCK * item_size);
  g_autoptr (GError) error = NULL;

  for (guint64 first = 0; first < tensor->numel; first += BLOCK)
    {
      gsize n = MIN (tensor->numel - first, BLOCK);

      ckpt_tensor_read (tree, tensor, first, n, items, &error);
      g_assert_no_error (error);
      g_checksum_update (checksum, items, n * item_size);
    }
  if (strcmp (g_checksum_get_string (checksum), wanted) != 0)
    g_error ("%s: the values differ", path);
}

static void
compare_stats (CkptTree *tree, const CkptTensor *tensor, const char *path, yyjson_val *wanted)
{
  g_autoptr (GError) error = NULL;
  double mean, std, rms;
  CkptStats stats;

  ckpt_stats_compute (tree, tensor, NULL, NULL, NULL, &stats, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (stats.n, ==, yyjson_get_uint (yyjson_obj_get (wanted, "count")));
  g_assert_cmpuint (stats.n_nan, ==, yyjson_get_uint (yyjson_obj_get (wanted, "nan")));
  g_assert_cmpuint (stats.n_pos_inf, ==, yyjson_get_uint (yyjson_obj_get (wanted, "pos_inf")));
  g_assert_cmpuint (stats.n_neg_inf, ==, yyjson_get_uint (yyjson_obj_get (wanted, "neg_inf")));
  g_assert_cmpuint (stats.n_zero, ==, yyjson_get_uint (yyjson_obj_get (wanted, "zero")));
  if (yyjson_obj_get (wanted, "mean") == NULL)
    return;

  mean = get_number (yyjson_obj_get (wanted, "mean"));
  std = get_number (yyjson_obj_get (wanted, "std"));
  rms = hypot (mean, std);
  g_assert_cmpfloat (stats.min, ==, get_number (yyjson_obj_get (wanted, "min")));
  g_assert_cmpfloat (stats.max, ==, get_number (yyjson_obj_get (wanted, "max")));
  if (fabs (stats.mean - mean) > 1e-12 * MAX (fabs (mean), rms))
    g_error ("%s: mean is %.17g, not %.17g", path, stats.mean, mean);
  /* Where it overflows, PyTorch's own two passes do too. */
  if (isfinite (std) && fabs (stats.std - std) > 1e-9 * std)
    g_error ("%s: std is %.17g, not %.17g", path, stats.std, std);
}

static const char *
strip_module (const char *class_name)
{
  const char *dot = strrchr (class_name, '.');

  return dot != NULL ? dot + 1 : class_name;
}

static void
compare_tensor (CkptTree *tree, CkptNodeId node, const char *path, yyjson_val *wanted)
{
  const CkptTensor *tensor = ckpt_tree_get_node_tensor (tree, node);

  if (tensor == NULL)
    g_error ("%s: is no tensor", path);
  g_assert_null (tensor->problem);
  g_assert_cmpstr (ckpt_dtype_get_name (tensor->dtype), ==,
                   yyjson_get_str (yyjson_obj_get (wanted, "dtype")));
  g_assert_cmpstr (ckpt_layout_get_name (tensor->layout), ==,
                   yyjson_get_str (yyjson_obj_get (wanted, "layout")));
  g_assert_cmpstr (tensor->device, ==, yyjson_get_str (yyjson_obj_get (wanted, "device")));
  g_assert_cmpstr (strip_module (tensor->class_name), ==, yyjson_get_str (yyjson_obj_get (wanted, "class")));
  g_assert_cmpint ((tensor->flags & CKPT_TENSOR_REQUIRES_GRAD) != 0, ==,
                   yyjson_get_bool (yyjson_obj_get (wanted, "requires_grad")));
  compare_integers (path, "shape", yyjson_obj_get (wanted, "shape"), tensor->shape, tensor->n_dims);
  if (yyjson_obj_get (wanted, "stride") == NULL)
    return;

  compare_integers (path, "stride", yyjson_obj_get (wanted, "stride"), tensor->stride, tensor->n_dims);
  g_assert_cmpint (tensor->offset, ==, yyjson_get_sint (yyjson_obj_get (wanted, "storage_offset")));
  g_assert_cmpuint (ckpt_tree_get_storage (tree, tensor->storage)->n_bytes, ==,
                    yyjson_get_uint (yyjson_obj_get (wanted, "storage_nbytes")));
  compare_values (tree, tensor, path, yyjson_get_str (yyjson_obj_get (wanted, "sha256")));
  if (yyjson_obj_get (wanted, "stats") != NULL)
    compare_stats (tree, tensor, path, yyjson_obj_get (wanted, "stats"));
}

static const char *
get_python_class (CkptTree *tree, CkptNodeId node)
{
  switch (ckpt_tree_get_kind (tree, node))
    {
    case CKPT_KIND_BYTES:
      return "builtins.bytes";
    case CKPT_KIND_BYTEARRAY:
      return "builtins.bytearray";
    case CKPT_KIND_SET:
      return "builtins.set";
    case CKPT_KIND_FROZENSET:
      return "builtins.frozenset";
    default:
      return ckpt_tree_get_class_name (tree, node);
    }
}

/* A function is a bare name in the file; which type it is of, only Python knows. */
static void
compare_object (CkptTree *tree, CkptNodeId node, const char *path, yyjson_val *wanted)
{
  const char *class_name = yyjson_get_str (yyjson_obj_get (wanted, "class"));
  g_autofree char *repr = NULL;

  if (strcmp (class_name, "builtins.builtin_function_or_method") != 0)
    {
      if (g_strcmp0 (get_python_class (tree, node), class_name) != 0)
        g_error ("%s: is of class %s, not %s", path, get_python_class (tree, node), class_name);
      return;
    }
  g_assert_cmpint (ckpt_tree_get_kind (tree, node), ==, CKPT_KIND_GLOBAL);
  repr = ckpt_tree_repr (tree, node);
  g_assert_cmpstr (repr, ==, "math.sqrt");
}

static void
compare_scalar (CkptTree *tree, CkptNodeId node, const char *path, const char *kind, yyjson_val *value)
{
  g_autofree char *repr = ckpt_tree_repr (tree, node);
  CkptKind found = ckpt_tree_get_kind (tree, node);
  gsize length;

  if (strcmp (kind, "NoneType") == 0)
    g_assert_cmpint (found, ==, CKPT_KIND_NONE);
  else if (strcmp (kind, "bool") == 0)
    g_assert_true (found == CKPT_KIND_BOOL && ckpt_tree_get_bool (tree, node) == yyjson_get_bool (value));
  else if (strcmp (kind, "str") == 0)
    g_assert_cmpstr (ckpt_tree_peek_text (tree, node, &length, NULL), ==, yyjson_get_str (value));
  else if (strcmp (kind, "float") == 0)
    g_assert_true (found == CKPT_KIND_FLOAT &&
                   (ckpt_tree_get_float (tree, node) == get_number (value) || isnan (get_number (value))));
  else if (yyjson_is_raw (value))
    g_assert_cmpstr (repr, ==, yyjson_get_raw (value));
  else
    {
      g_autofree char *wanted = g_strdup_printf ("%" G_GINT64_FORMAT, yyjson_get_sint (value));

      g_assert_cmpstr (kind, ==, "int");
      g_assert_cmpint (found, ==, CKPT_KIND_INT);
      if (strcmp (repr, wanted) != 0)
        g_error ("%s: is %s, not %s", path, repr, wanted);
    }
}

static void
compare_entry (CkptTree *tree, const char *path, yyjson_val *wanted)
{
  const char *kind = yyjson_get_str (yyjson_obj_get (wanted, "kind"));
  gboolean is_computed;
  CkptNodeId node = find_node (tree, path, &is_computed);

  if (is_computed)
    return;
  if (node == CKPT_NO_NODE)
    g_error ("%s: is missing", path);

  if (strcmp (kind, "tensor") == 0)
    compare_tensor (tree, node, path, wanted);
  else if (strcmp (kind, "module") == 0 || strcmp (kind, "object") == 0)
    compare_object (tree, node, path, wanted);
  else
    compare_scalar (tree, node, path, kind, yyjson_obj_get (wanted, "value"));
}

/* The keys of state_dict() of the module at @path, as PyTorch gives them. */
static GPtrArray *
list_keys (yyjson_val *entries, yyjson_val *path)
{
  g_autofree char *path_text = g_strndup (yyjson_get_str (path), yyjson_get_len (path) - 1);
  g_autofree char *prefix = g_strconcat (path_text, strcmp (path_text, "[") == 0 ? "" : ", ",
                                         "\"state_dict()\", \"", NULL);
  GPtrArray *keys = g_ptr_array_new_with_free_func (g_free);
  yyjson_val *other, *entry;
  size_t i, n;

  yyjson_obj_foreach (entries, i, n, other, entry)
  {
    if (g_str_has_prefix (yyjson_get_str (other), prefix) &&
        yyjson_equals_str (yyjson_obj_get (entry, "kind"), "tensor"))
      {
        const char *key = yyjson_get_str (other) + strlen (prefix);

        g_ptr_array_add (keys, g_strndup (key, strlen (key) - strlen ("\"]")));
      }
  }
  return keys;
}

/* state_dict() of a pickled module has the keys that PyTorch gives it, in that order. */
static void
compare_state_dict (CkptTree *tree, yyjson_val *entries, yyjson_val *path)
{
  g_autoptr (GPtrArray) keys = list_keys (entries, path);
  g_autoptr (CkptStateDict) state_dict = NULL;
  gboolean is_computed;

  state_dict = ckpt_state_dict_new (tree, find_node (tree, yyjson_get_str (path), &is_computed), NULL);
  g_assert_nonnull (state_dict);
  g_assert_cmpuint (state_dict->entries->len, ==, keys->len);
  for (guint i = 0; i < keys->len; i++)
    g_assert_cmpstr (g_array_index (state_dict->entries, CkptStateEntry, i).key, ==, keys->pdata[i]);
}

static void
test_pair (gconstpointer data)
{
  const Pair *pair = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CkptTree) tree = ckpt_load (pair->checkpoint, NULL, NULL, NULL, &error);
  yyjson_doc *document = read_json (pair->expected);
  yyjson_val *entries, *path, *entry;
  size_t i, n;

  g_assert_no_error (error);
  for (guint w = 0; w < ckpt_tree_get_n_warnings (tree); w++)
    g_error ("a warning on a good file: %s: %s", ckpt_tree_get_warning (tree, w)->place.code,
             ckpt_tree_get_warning (tree, w)->message);

  entries = yyjson_obj_get (yyjson_doc_get_root (document), "entries");
  yyjson_obj_foreach (entries, i, n, path, entry)
  {
    compare_entry (tree, yyjson_get_str (path), entry);
    if (yyjson_equals_str (yyjson_obj_get (entry, "kind"), "module"))
      compare_state_dict (tree, entries, path);
  }
  yyjson_doc_free (document);
}

/* Adds a test for each file of @expected, named as the checkpoint in @checkpoints that it is of. */
static void
add_folder (const char *name, const char *checkpoints, const char *expected)
{
  g_autoptr (GDir) folder = g_dir_open (expected, 0, NULL);
  const char *file;

  while (folder != NULL && (file = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *test = NULL;
      g_autofree char *stem = NULL;
      Pair *pair;

      if (!g_str_has_suffix (file, ".json"))
        continue;
      stem = g_strndup (file, strlen (file) - strlen (".json"));
      test = g_strdup_printf ("/expected/%s/%s", name, stem);
      pair = g_new0 (Pair, 1);
      pair->checkpoint = g_build_filename (checkpoints, stem, NULL);
      pair->expected = g_build_filename (expected, file, NULL);
      g_test_add_data_func_full (test, pair, test_pair, (GDestroyNotify) pair_free);
    }
}

static void
skip_shared (void)
{
  g_test_skip ("there is no folder of real checkpoints beside this source tree");
}

/* Checkpoints that other people wrote are not carried: they stay beside the source tree, where they are. */
static void
add_shared (void)
{
  const char *shared = g_getenv ("STATEROOM_SHARED");
  static const char *const names[] = { "torch-2.13", "real" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *name = g_strdup_printf ("shared-%s", names[i]);
      g_autofree char *path = g_strdup_printf ("/expected/%s", name);
      g_autofree char *checkpoints = NULL;
      g_autofree char *expected = NULL;

      if (shared == NULL || shared[0] == '\0')
        {
          g_test_add_func (path, skip_shared);
          continue;
        }
      checkpoints = g_build_filename (shared, "checkpoints", names[i], NULL);
      expected = g_build_filename (shared, "checkpoints", "expected", i == 0 ? NULL : names[i], NULL);
      add_folder (name, checkpoints, expected);
    }
}

int
main (int argc, char **argv)
{
  g_autofree char *checkpoints = NULL;
  g_autofree char *expected = NULL;

  g_test_init (&argc, &argv, NULL);
  checkpoints = g_test_build_filename (G_TEST_DIST, "fixtures", "torch-2.13", NULL);
  expected = g_test_build_filename (G_TEST_DIST, "fixtures", "expected", NULL);
  add_folder ("torch-2.13", checkpoints, expected);
  add_shared ();
  return g_test_run ();
}
