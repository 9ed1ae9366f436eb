/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test-edit.h"
#include "test-tree.h"

#include "analysis/ckpt-weights-only.h"

#include <string.h>

/* Making files that weights_only takes, or that older releases read, and leaving parts out. PyTorch loads the results in tests/interop. */

static guint
count_refusals (CkptTree *tree)
{
  g_autoptr (GPtrArray) refusals = ckpt_weights_only_list (tree, ckpt_tree_get_root (tree));

  return refusals->len;
}

/* What one value becomes, in one line. */
static void
check_plain (const char *words, const char *expected)
{
  g_autofree char *all = g_strdup_printf ("} ( 'x' %s 'rest' 1 u", words);
  g_autoptr (CkptTree) tree = test_tree_new (all, CKPT_PERSISTENT_ZIP);
  g_autoptr (CkptTree) plain = test_edit_do (tree, "weights-only");
  g_autofree char *described = NULL;

  g_test_message ("%s", words);
  g_assert_cmpuint (count_refusals (tree), >, 0);
  g_assert_cmpuint (count_refusals (plain), ==, 0);
  g_assert_true (test_edit_has (plain, "[\"rest\"]"));
  if (expected == NULL)
    {
      g_assert_false (test_edit_has (plain, "[\"x\"]"));
      return;
    }
  described = test_edit_describe (plain, test_tree_get (plain, "[\"x\"]"));
  g_strdelimit (described, "\n", ';');
  g_assert_cmpstr (described, ==, expected);
}

#define DTYPE(code, order)        "@numpy:dtype ( '" code "' False True tR ( 3 '" order "' N N N -1 -1 0 t b "
#define BYTES(text)               "@_codecs:encode ( '" text "' 'latin1' tR "
#define SCALAR(code, order, text) "@numpy._core.multiarray:scalar ( " DTYPE (code, order) BYTES (text) "tR "
#define ARRAY(shape, fortran, code, text)                                                                    \
  "@numpy._core.multiarray:_reconstruct ( @numpy:ndarray ( 0 t " BYTES ("b") "tR ( 1 ( " shape               \
                                                                             " t " DTYPE (code, "<") fortran \
      " " BYTES (text) "t b "

static void
test_numpy (void)
{
  check_plain (SCALAR ("i4", "<", "\\001\\002\\003\\004"), ". int - 67305985;");
  check_plain (SCALAR ("i4", ">", "\\001\\002\\003\\004"), ". int - 16909060;");
  check_plain (SCALAR ("i2", "<", "\\303\\276\\303\\277"), ". int - -2;");
  check_plain (SCALAR ("u1", "|", "\\303\\276"), ". int - 254;");
  check_plain (SCALAR ("b1", "|", "\\001"), ". bool - True;");
  check_plain (SCALAR ("f4", "<", "\\001\\001\\302\\200\\077"), ". float - 1.0000306367874146;");
  check_plain (SCALAR ("f8", "<", "\\001\\001\\001\\001\\001\\001\\303\\260\\077"),
               ". float - 1.0002450980392157;");
  check_plain (SCALAR ("S2", "|", "ab"), ". bytes - b\"ab\";");
  check_plain (SCALAR ("M8", "<", "\\001\\001\\001\\001\\001\\001\\001\\001"), NULL);
  check_plain (SCALAR ("i4", "<", "\\001"), NULL);
  check_plain (
      ARRAY ("2 3", "False", "i1", "\\001\\002\\003\\004\\005\\006"),
      ". list - list of 2;[0] list - list of 3;[0][0] int - 1;[0][1] int - 2;[0][2] int - 3;[1] list - list of 3;[1][0] int - 4;[1][1] int - 5;[1][2] int - 6;");
  check_plain (
      ARRAY ("2 3", "True", "i1", "\\001\\004\\002\\005\\003\\006"),
      ". list - list of 2;[0] list - list of 3;[0][0] int - 1;[0][1] int - 2;[0][2] int - 3;[1] list - list of 3;[1][0] int - 4;[1][1] int - 5;[1][2] int - 6;");
  check_plain (ARRAY ("2 2", "False", "i1", "\\001"), NULL);
  check_plain (ARRAY ("1000000000 0", "False", "i1", "\\001"), NULL);
}

static void
test_python (void)
{
  check_plain ("@argparse:Namespace ) NEWOBJ } 'lr' 3 s b", ". dict - dict of 1;[\"lr\"] int - 3;");
  check_plain ("@pathlib._local:PosixPath ( '/' 'a' 'b' tR", ". str - \"/a/b\";");
  check_plain ("@pathlib:PureWindowsPath ( 'C:\\\\' 'a' tR", ". str - \"C:\\\\a\";");
  check_plain ("@datetime:date ( " BYTES ("\\007\\303\\252\\001\\002") "tR", ". str - \"2026-01-02\";");
  check_plain ("@__builtin__:xrange ( 5 0 -2 tR", ". list - list of 3;[0] int - 5;[1] int - 3;[2] int - 1;");
  check_plain ("@__builtin__:xrange ( 0 1000000 1 tR", NULL);
  check_plain ("@__builtin__:slice ( N 3 N tR",
               ". tuple - (None, 3, None);[0] NoneType - None;[1] int - 3;[2] NoneType - None;");
  check_plain ("@__builtin__:frozenset ( ] 1 a tR", ". set - set of 1;[0] int - 1;");
  check_plain ("@__builtin__:bytes )R", ". bytes - b\"\";");
  check_plain ("@collections:deque ( ) 5 tR 1 a", ". list - list of 1;[0] int - 1;");
  check_plain ("@collections:defaultdict ( @__builtin__:list tR 'k' 1 s",
               ". dict - dict of 1;[\"k\"] int - 1;");
  check_plain ("@a:Config ) NEWOBJ 'k' 1 s } 'k' 1 s b", ". dict - dict of 1;[\"k\"] int - 1;");
  check_plain ("@a:Mode ( 2 tR", ". int - 2;");
  check_plain ("@a:Point ( 1 2 t NEWOBJ", ". tuple - (1, 2);[0] int - 1;[1] int - 2;");
  check_plain ("@math:sqrt", ". str - \"math.sqrt\";");
  check_plain ("@torch:float", ". global torch.dtype torch.float32;");
  check_plain ("@functools:partial ( @math:sqrt tR ( @math:sqrt ) } N t b", NULL);
  check_plain ("@a:make ( 1 2 tR", NULL);
}

/* omegaconf binds containers and leaves in circles. */
static void
test_omegaconf (void)
{
  check_plain (
      "@omegaconf.dictconfig:DictConfig ) NEWOBJ p1 } ( '_metadata' @a:M ) NEWOBJ '_parent' N '_content' } 'lr' @omegaconf.nodes:AnyNode ) NEWOBJ } ( '_parent' g1 '_val' 3 u b s u b",
      ". dict - dict of 1;[\"lr\"] int - 3;");
}

/* A value that is refused at two places is one value afterwards; one that holds itself, too. Keys of dicts become plain or go. */
static void
test_identity (void)
{
  g_autoptr (CkptTree) tree = test_tree_new (
      "} ( 'a' @a:Args ) NEWOBJ p1 } 'self' g1 s b 'b' ( g1 @a:f ( 1 2 tR t 'c' } ( @a:Mode ( 7 tR 'seven' @a:f ( 1 2 tR 'none' @a:Mode ( ] tR 'list' u u",
      CKPT_PERSISTENT_ZIP);
  g_autoptr (CkptEffect) effect = NULL;
  g_autoptr (CkptTree) plain = test_edit_apply (tree, "weights-only", &effect);
  g_autofree char *notes = test_edit_join_notes (effect);
  CkptNodeId a = test_tree_get (plain, "[\"a\"]");

  g_assert_cmpuint (count_refusals (plain), ==, 0);
  g_assert_cmpint (ckpt_tree_get_kind (plain, a), ==, CKPT_KIND_DICT);
  g_assert_cmpuint (test_tree_get (plain, "[\"a\"][\"self\"]"), ==, a);
  g_assert_cmpuint (test_tree_get (plain, "[\"b\"][0]"), ==, a);
  g_assert_cmpint (ckpt_tree_get_kind (plain, test_tree_get (plain, "[\"b\"][1]")), ==, CKPT_KIND_NONE);
  g_assert_cmpuint (ckpt_tree_get_n_children (plain, test_tree_get (plain, "[\"c\"]")), ==, 1);
  g_assert_true (test_edit_has (plain, "[\"c\"][7]"));
  g_assert_nonnull (strstr (notes, "2 values are left out"));
}

static void
test_weights_only_files (void)
{
  static const char *const files[] = {
    "python_objects.pt",     "numpy_inside.pt", "dataparallel_object.pt",
    "whole_model.legacy.pt", "tied_model.pt",   "extra_state_model.pt",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr (CkptTree) tree = test_edit_load (files[i]);
      g_autoptr (CkptTree) plain = test_edit_do (tree, "weights-only");
      g_autoptr (CkptTree) again = test_edit_do (plain, "weights-only");

      g_assert_cmpuint (count_refusals (tree), >, 0);
      g_assert_cmpuint (count_refusals (plain), ==, 0);
      g_assert_true (again == plain);
    }
}

static void
test_nothing_left (void)
{
  g_autoptr (CkptTree) tree = test_tree_new ("@a:f ( 1 2 tR", CKPT_PERSISTENT_ZIP);
  g_autofree char *message = test_edit_fail (tree, "weights-only");

  g_assert_nonnull (message);
}

#define SUBCLASS(class, state)                                                                           \
  "@torch._tensor:_rebuild_from_type_v2 ( @torch._utils:_rebuild_tensor_v2 @" class " " TEST_TENSOR_ID ( \
      "FloatStorage", "0", "4") "0 ( 4 t ( 1 t False " TEST_HOOKS "t " state "tR "

static void
test_subclass (void)
{
  g_autoptr (CkptTree)
      tree = test_tree_new ("} ( 'a' " SUBCLASS ("mine:Fancy", "} 'x' 1 s ") " 'b' " SUBCLASS (
                                "torch:Tensor", "} 'x' @mine:A ) NEWOBJ s ") " u",
                            CKPT_PERSISTENT_ZIP);
  g_autoptr (CkptTree) plain = test_edit_do (tree, "weights-only");

  g_assert_cmpuint (count_refusals (plain), ==, 0);
  g_assert_cmpstr (test_edit_get_tensor (plain, "[\"a\"]")->class_name, ==, "Tensor");
  g_assert_cmpuint (test_edit_get_tensor (plain, "[\"a\"]")->numel, ==, 4);
  g_assert_true (test_edit_has (plain, "[\"b\"].x"));
}

static const char *
get_callable (CkptTree *tree, const char *path)
{
  CkptNodes *nodes = ckpt_tree_get_nodes (tree);
  gsize length;

  return ckpt_nodes_get_text (
      nodes, ckpt_nodes_get_slot (nodes, test_tree_get (tree, path), CKPT_SLOT_CALLABLE), &length);
}

static guint32
count_args (CkptTree *tree, const char *path)
{
  CkptNodes *nodes = ckpt_tree_get_nodes (tree);

  return ckpt_nodes_get_length (nodes,
                                ckpt_nodes_get_slot (nodes, test_tree_get (tree, path), CKPT_SLOT_ARGS));
}

#define V2(metadata)                                                       \
  "@torch._utils:_rebuild_tensor_v2 " TEST_TENSOR_ID ("FloatStorage", "0", \
                                                      "4") "1 ( 3 t ( 1 t False " TEST_HOOKS metadata "tR "

static void
test_reads_in (void)
{
  g_autoptr (CkptTree) tree = test_tree_new (
      "} ( 'v' " V2 ("") " 'm' " V2 ("} 'npu' 1 s ") " 'n' " V2 ("} 'neg' True s ") " 'p' @torch._utils:_rebuild_parameter_with_state ( " V2 (
          "") "True " TEST_HOOKS
              "} 'tag' 1 s tR 't' " SUBCLASS ("torch._tensor:Tensor", "} 'tag' 1 s ") " 'f' " SUBCLASS (
                  "mine:Fancy", "} ") " 'x' " SCALAR ("i1", "|",
                                                      "\\001") " 'path' @pathlib._local:PosixPath ( '/' tR u",
      CKPT_PERSISTENT_ZIP);
  g_autoptr (CkptEffect) effect = NULL;
  g_autoptr (CkptTree) older = test_edit_apply (tree, "reads-in 1.6", &effect);
  g_autoptr (CkptTree) again = test_edit_do (older, "reads-in 1.6");
  g_autoptr (CkptTree) any = test_edit_do (tree, "reads-in any");
  g_autofree char *notes = test_edit_join_notes (effect);
  g_autofree char *message = test_edit_fail (tree, "reads-in 3.0");

  g_assert_cmpuint (count_args (older, "[\"v\"]"), ==, 6);
  g_assert_cmpuint (count_args (older, "[\"m\"]"), ==, 6);
  g_assert_cmpuint (count_args (older, "[\"n\"]"), ==, 6);
  g_assert_cmpuint (test_edit_get_tensor (tree, "[\"n\"]")->flags, ==, CKPT_TENSOR_NEG);
  g_assert_cmpuint (test_edit_get_tensor (older, "[\"n\"]")->flags, ==, 0);
  g_assert_cmpuint (test_edit_get_tensor (older, "[\"n\"]")->numel, ==, 3);
  g_assert_cmpstr (get_callable (older, "[\"p\"]"), ==, "torch._utils\n_rebuild_parameter");
  g_assert_cmpuint (test_edit_get_tensor (older, "[\"p\"]")->flags, ==,
                    CKPT_TENSOR_PARAMETER | CKPT_TENSOR_REQUIRES_GRAD);
  g_assert_cmpstr (get_callable (older, "[\"t\"]"), ==, "torch._utils\n_rebuild_tensor_v2");
  g_assert_cmpstr (get_callable (older, "[\"x\"]"), ==, "numpy.core.multiarray\nscalar");
  g_assert_cmpstr (get_callable (older, "[\"path\"]"), ==, "pathlib\nPosixPath");
  g_assert_cmpstr (notes, ==, "1 tensor cannot be written for it: it is of the class mine.Fancy.\n");
  g_assert_cmpuint (effect->n, ==, 6);
  g_assert_true (again == older && any == tree);
  g_assert_nonnull (message);
}

static void
test_reads_in_files (void)
{
  g_autoptr (CkptTree) types = test_edit_load ("dtypes_new.pt");
  g_autoptr (CkptTree) sparse = test_edit_load ("sparse.pt");
  g_autoptr (CkptEffect) effect = NULL;
  g_autoptr (CkptTree) same = test_edit_apply (types, "reads-in 1.6", &effect);
  g_autoptr (CkptTree) older = test_edit_do (sparse, "reads-in 1.5");
  g_autofree char *notes = test_edit_join_notes (effect);

  g_assert_true (same == types);
  g_assert_nonnull (strstr (notes, "its type is float8_e4m3fn"));
  g_assert_cmpint (test_edit_get_tensor (older, "[\"coo\"]")->layout, ==, CKPT_LAYOUT_SPARSE_COO);
  g_assert_cmpuint (ckpt_tree_get_n_children (older, test_tree_get (older, "[\"coo\"].args[1]")), ==, 3);
  g_assert_cmpuint (ckpt_tree_get_n_children (sparse, test_tree_get (sparse, "[\"coo\"].args[1]")), ==, 4);
}

static void
test_remove_optimizer (void)
{
  static const struct
  {
    const char *file;
    const char *gone;
    const char *kept;
  } files[] = {
    { "multi_item.pt", "[\"optimizer_state_dict\"]", "[\"epoch\"]" },
    { "training_run.ckpt", "[\"optimizer_states\"]", "[\"lr_schedulers\"]" },
    { "several_models.pt", "[\"optimizerB_state_dict\"]", "[\"modelB_state_dict\"]" },
    { "optim_sgd.pt", "[\"optimizer\"]", "[\"model\"]" },
  };
  g_autoptr (CkptTree) only = test_tree_new ("} ( 'state' } 'param_groups' ] u", CKPT_PERSISTENT_ZIP);
  g_autoptr (CkptTree) name = test_tree_new ("} ( 'optimizer' 'adam' 'optim' N u", CKPT_PERSISTENT_ZIP);
  g_autoptr (CkptTree) same = test_edit_do (name, "remove-optimizer");
  g_autofree char *message = test_edit_fail (only, "remove-optimizer");

  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr (CkptTree) tree = test_edit_load (files[i].file);
      g_autoptr (CkptTree) without = test_edit_do (tree, "remove-optimizer");

      g_assert_true (test_edit_has (tree, files[i].gone));
      g_assert_false (test_edit_has (without, files[i].gone));
      g_assert_true (test_edit_has (without, files[i].kept));
    }
  g_assert_nonnull (message);
  g_assert_true (same == name);
}

static void
test_keep_ema (void)
{
  g_autoptr (CkptTree) tree = test_edit_load ("ema.pt");
  g_autoptr (CkptTree) ema = test_edit_do (tree, "keep-ema");
  g_autoptr (CkptTree) none = test_edit_load ("multi_item.pt");
  g_autofree char *message = test_edit_fail (none, "keep-ema");

  g_assert_true (test_edit_has (ema, "[\"ema\"]") && test_edit_has (ema, "[\"updates\"]"));
  g_assert_false (test_edit_has (ema, "[\"model\"]"));
  test_edit_assert_same (ema, test_tree_get (ema, "[\"ema\"]"), tree, test_tree_get (tree, "[\"ema\"]"));
  g_assert_nonnull (message);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/edit-plain/numpy", test_numpy);
  g_test_add_func ("/edit-plain/python", test_python);
  g_test_add_func ("/edit-plain/omegaconf", test_omegaconf);
  g_test_add_func ("/edit-plain/identity", test_identity);
  g_test_add_func ("/edit-plain/weights-only-files", test_weights_only_files);
  g_test_add_func ("/edit-plain/nothing-left", test_nothing_left);
  g_test_add_func ("/edit-plain/subclass", test_subclass);
  g_test_add_func ("/edit-plain/reads-in", test_reads_in);
  g_test_add_func ("/edit-plain/reads-in-files", test_reads_in_files);
  g_test_add_func ("/edit-plain/remove-optimizer", test_remove_optimizer);
  g_test_add_func ("/edit-plain/keep-ema", test_keep_ema);
  return g_test_run ();
}
