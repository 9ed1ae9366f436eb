/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test-tree.h"

#include "model/ckpt-path.h"

#include <string.h>

/* What is checked of a tensor, as one line. */
static char *
print_tensor (CkptTree *tree, const CkptTensor *tensor)
{
  GString *out = g_string_new (NULL);

  g_string_append_printf (out, "%s %s %s [", tensor->class_name, ckpt_dtype_get_name (tensor->dtype),
                          ckpt_layout_get_name (tensor->layout));
  for (guint i = 0; i < tensor->n_dims; i++)
    g_string_append_printf (out, "%s%" G_GINT64_FORMAT, i > 0 ? "," : "", tensor->shape[i]);
  g_string_append (out, "]");
  for (guint i = 0; tensor->stride != NULL && i < tensor->n_dims; i++)
    g_string_append_printf (out, "%s%" G_GINT64_FORMAT, i > 0 ? "," : "/", tensor->stride[i]);
  g_string_append_printf (out, " +%" G_GINT64_FORMAT " %s", tensor->offset, tensor->device);
  if (tensor->storage != CKPT_NO_STORAGE)
    g_string_append_printf (out, " storage=%s", ckpt_tree_get_storage (tree, tensor->storage)->key);
  g_string_append_printf (out, " n=%" G_GUINT64_FORMAT "/%" G_GUINT64_FORMAT, tensor->numel, tensor->n_bytes);
  if (tensor->flags & CKPT_TENSOR_REQUIRES_GRAD)
    g_string_append (out, " grad");
  if (tensor->flags & CKPT_TENSOR_PARAMETER)
    g_string_append (out, " parameter");
  if (tensor->flags & CKPT_TENSOR_CONJ)
    g_string_append (out, " conj");
  if (tensor->flags & CKPT_TENSOR_NEG)
    g_string_append (out, " neg");
  if (tensor->flags & CKPT_TENSOR_META)
    g_string_append (out, " meta");
  if (tensor->flags & CKPT_TENSOR_WRAPPER)
    g_string_append (out, " wrapper");
  if (tensor->flags & CKPT_TENSOR_BROKEN)
    g_string_append (out, " broken");
  g_assert_true (((tensor->flags & CKPT_TENSOR_BROKEN) != 0) == (tensor->problem != NULL));
  return g_string_free_and_steal (out);
}

typedef struct
{
  const char *name;
  const char *words;  /* of the value that is the root */
  const char *tensor; /* NULL: it is no tensor */
  const char *codes;
} TensorCase;

#define V2(rest)              "@torch._utils:_rebuild_tensor_v2 " TEST_TENSOR_ID ("FloatStorage", "0", "4") rest " tR"
#define ID(class, key, numel) "( 'storage' @torch:" class " '" key "' 'cpu' " numel " t Q "
#define GOOD4                 "0 ( 2 2 t ( 2 1 t"
#define PLAIN                 "Tensor float32 strided [2,2]/2,1 +0 cpu storage=0 n=4/16"

static const TensorCase forms[] = {
  { "v2", TEST_TENSOR ("0"), PLAIN, "" },
  { "v2 with gradient", V2 (GOOD4 " True " TEST_HOOKS), PLAIN " grad", "" },
  { "v2 without hooks", V2 (GOOD4 " False N"), PLAIN, "" },
  { "v2 with metadata", V2 (GOOD4 " False N } ( 'conj' True 'neg' True 'npu_format' 3 u"), PLAIN " conj neg",
    "" },
  { "v2 with lists", V2 ("0 ] ( 2 2 e ] ( 2 1 e False N"), PLAIN, "" },
  { "v2 with torch.Size", V2 ("0 @torch:Size ( ( 2 2 t tR ( 2 1 t False N"), PLAIN, "" },
  { "v2 with torch.Size of 0.x", V2 ("0 @torch:Size ( ( 2 2 t t NEWOBJ ( 2 1 t False N"), PLAIN, "" },
  { "scalar", V2 ("3 ) ) False N"), "Tensor float32 strided [] +3 cpu storage=0 n=1/4", "" },
  { "empty", V2 ("0 ( 0 2 t ( 2 1 t False N"), "Tensor float32 strided [0,2]/2,1 +0 cpu storage=0 n=0/0",
    "" },
  { "empty with a small offset", V2 ("9 ( 0 2 t ( 2 1 t False N"),
    "Tensor float32 strided [0,2]/2,1 +9 cpu storage=0 n=0/0", "" },
  { "expanded", V2 ("0 ( 2^21 2^21 t ( 0 0 t False N"),
    "Tensor float32 strided [2097152,2097152]/0,0 +0 cpu storage=0 n=4398046511104/17592186044416", "" },
  { "overlapping", V2 ("0 ( 2 2 t ( 1 1 t False N"),
    "Tensor float32 strided [2,2]/1,1 +0 cpu storage=0 n=4/16", "" },
  { "of torch 0.3", "@torch._utils:_rebuild_tensor " TEST_TENSOR_ID ("FloatStorage", "0", "4") GOOD4 " tR",
    PLAIN, "" },
  { "v3",
    "@torch._utils:_rebuild_tensor_v3 ( ( 'storage' @torch.storage:UntypedStorage '0' 'cuda:1' 8 t Q 1 ( 3 t ( 1 t False N @torch:uint16 tR",
    "Tensor uint16 strided [3]/1 +1 cuda:1 storage=0 n=3/6", "" },
  { "v3 with metadata",
    "@torch._utils:_rebuild_tensor_v3 ( ( 'storage' @torch.storage:UntypedStorage '0' 'cpu' 8 t Q 0 ( 2 t ( 1 t False N @torch:complex32 } 'conj' True s tR",
    "Tensor complex32 strided [2]/1 +0 cpu storage=0 n=2/8 conj", "" },
  { "parameter", "@torch._utils:_rebuild_parameter ( " TEST_TENSOR ("0") "True N tR",
    "Parameter float32 strided [2,2]/2,1 +0 cpu storage=0 n=4/16 grad parameter", "" },
  { "frozen parameter", "@torch._utils:_rebuild_parameter ( " V2 (GOOD4 " True N") " False N tR",
    "Parameter float32 strided [2,2]/2,1 +0 cpu storage=0 n=4/16 parameter", "" },
  { "parameter with state",
    "@torch._utils:_rebuild_parameter_with_state ( " TEST_TENSOR ("0") "True N } 'tag' 1 s tR",
    "Parameter float32 strided [2,2]/2,1 +0 cpu storage=0 n=4/16 grad parameter", "" },
  { "packed",
    "@torch._utils:_rebuild_tensor_v2 " TEST_TENSOR_ID ("QUInt4x2Storage",
                                                        "0",
                                                        "15") "0 ( 3 10 t ( 10 1 t False N tR",
    "Tensor quint4x2 strided [3,10]/10,1 +0 cpu storage=0 n=30/15", "" },
  { "quantized per tensor",
    "@torch._utils:_rebuild_qtensor " TEST_TENSOR_ID ("QInt8Storage", "0", "4") GOOD4
    " ( @torch:per_tensor_affine f0.5 3 t False N tR",
    "Tensor qint8 strided [2,2]/2,1 +0 cpu storage=0 n=4/4", "" },
  { "quantized per channel",
    "@torch._utils:_rebuild_qtensor " TEST_TENSOR_ID ("QInt8Storage", "0", "4") GOOD4
    " ( @torch:per_channel_affine " TEST_TENSOR_OF ("DoubleStorage", "1", "2", "0 ( 2 t ( 1 t")
        TEST_TENSOR_OF ("LongStorage", "2", "2", "0 ( 2 t ( 1 t") "0 t False N tR",
    "Tensor qint8 strided [2,2]/2,1 +0 cpu storage=0 n=4/4", "" },
  { "sparse COO",
    "@torch._utils:_rebuild_sparse_tensor ( @torch.serialization:_get_layout ( 'torch.sparse_coo' tR ( " TEST_TENSOR_OF (
        "LongStorage",
        "1",
        "4",
        "0 ( 2 2 t ( 2 1 t") TEST_TENSOR_OF ("FloatStorage", "2", "2", "0 ( 2 t ( 1 t") "( 5 7 t True t tR",
    "Tensor float32 sparse_coo [5,7] +0 cpu n=35/40", "" },
  { "sparse COO of 1.x",
    "@torch._utils:_rebuild_sparse_tensor ( @torch.serialization:_get_layout ( 'torch.sparse_coo' tR ( " TEST_TENSOR_OF (
        "LongStorage",
        "1",
        "4",
        "0 ( 2 2 t ( 2 1 t")
        TEST_TENSOR_OF ("FloatStorage", "2", "2", "0 ( 2 t ( 1 t") "@torch:Size ( ( 5 7 t tR t tR",
    "Tensor float32 sparse_coo [5,7] +0 cpu n=35/40", "" },
  { "sparse CSR",
    "@torch._utils:_rebuild_sparse_tensor ( @torch.serialization:_get_layout ( 'torch.sparse_csr' tR ( " TEST_TENSOR_OF (
        "LongStorage",
        "1",
        "3",
        "0 ( 3 t ( 1 t") TEST_TENSOR_OF ("LongStorage", "2", "2", "0 ( 2 t ( 1 t")
        TEST_TENSOR_OF ("FloatStorage", "3", "2", "0 ( 2 t ( 1 t") "( 2 4 t t tR",
    "Tensor float32 sparse_csr [2,4] +0 cpu n=8/48", "" },
  { "sparse CSR of 1.9",
    "@torch._utils:_rebuild_sparse_csr_tensor ( @torch:sparse_csr ( " TEST_TENSOR_OF ("LongStorage",
                                                                                      "1",
                                                                                      "3",
                                                                                      "0 ( 3 t ( 1 t")
        TEST_TENSOR_OF ("LongStorage", "2", "2", "0 ( 2 t ( 1 t")
            TEST_TENSOR_OF ("FloatStorage", "3", "2", "0 ( 2 t ( 1 t") "( 2 4 t t tR",
    "Tensor float32 sparse_csr [2,4] +0 cpu n=8/48", "" },
  { "sparse of TorchScript",
    "@torch._utils:_rebuild_sparse_tensor ( 1 ( 5 t False " TEST_TENSOR_OF ("LongStorage",
                                                                            "1",
                                                                            "2",
                                                                            "0 ( 1 2 t ( 2 1 t")
        TEST_TENSOR_OF ("FloatStorage", "2", "2", "0 ( 2 t ( 1 t") "N tR",
    "Tensor float32 sparse_coo [5] +0 cpu n=5/24", "" },
  { "meta", "@torch._utils:_rebuild_meta_tensor_no_storage ( @torch:float32 ( 2^60 t ( 1 t False tR",
    "Tensor float32 strided [1152921504606846976]/1 +0 meta n=1152921504606846976/4611686018427387904 meta",
    "" },
  { "nested",
    "@torch._utils:_rebuild_nested_tensor ( " TEST_TENSOR_OF ("FloatStorage", "1", "6", "0 ( 6 t ( 1 t")
        TEST_TENSOR_OF ("LongStorage", "2", "2", "0 ( 2 1 t ( 1 1 t")
            TEST_TENSOR_OF ("LongStorage", "3", "2", "0 ( 2 1 t ( 1 1 t")
                TEST_TENSOR_OF ("LongStorage", "4", "2", "0 ( 2 t ( 1 t") "tR",
    "Tensor float32 nested [2] +0 cpu n=6/72", "" },
  { "jagged",
    "@torch.nested._internal.nested_tensor:_rebuild_njt ( } ( 'values' " TEST_TENSOR_OF (
        "FloatStorage",
        "1",
        "6",
        "0 ( 6 t ( 1 t") "'offsets' " TEST_TENSOR_OF ("LongStorage",
                                                      "2",
                                                      "3",
                                                      "0 ( 3 t ( 1 t") "'lengths' N u tR",
    "Tensor float32 jagged [2] +0 cpu n=6/48", "" },
  { "wrapper",
    "@torch._utils:_rebuild_wrapper_subclass ( @x:Wrapped @torch:bfloat16 ( 4 2 t ( 2 1 t 0 @torch.serialization:_get_layout ( 'torch.strided' tR @torch:device ( 'cuda' 1 tR True tR",
    "x.Wrapped bfloat16 strided [4,2]/2,1 +0 cuda:1 n=8/16 grad wrapper", "" },
  { "DTensor",
    "@torch._tensor:_rebuild_from_type_v2 ( @torch._utils:_rebuild_wrapper_subclass @torch.distributed.tensor:DTensor ( @torch.distributed.tensor:DTensor @torch:float32 ( 4 t ( 1 t 0 @torch:strided 'cpu' False t ( N } '_local_tensor' " TEST_TENSOR (
        "0") "s t tR",
    "torch.distributed.tensor.DTensor float32 strided [4]/1 +0 cpu n=4/16 wrapper", "" },
  { "subclass",
    "@torch._tensor:_rebuild_from_type_v2 ( @torch._utils:_rebuild_tensor_v2 @x:Sub " TEST_TENSOR_ID (
        "FloatStorage",
        "0",
        "4") GOOD4 " False N t } 'name' 'n' s tR",
    "x.Sub float32 strided [2,2]/2,1 +0 cpu storage=0 n=4/16", "" },
  { "subclass of 1.7",
    "@torch.tensor:_rebuild_from_type ( @torch._utils:_rebuild_tensor_v2 @x:Sub " TEST_TENSOR_ID (
        "FloatStorage",
        "0",
        "4") GOOD4 " False N t } tR",
    "x.Sub float32 strided [2,2]/2,1 +0 cpu storage=0 n=4/16", "" },
  { "XLA",
    "@torch._utils:_rebuild_device_tensor_from_cpu_tensor ( " TEST_TENSOR (
        "0") "@torch:float32 'xla:0' True tR",
    "Tensor float32 strided [2,2]/2,1 +0 xla:0 storage=0 n=4/16 grad", "" },
  { "XLA of 1.6",
    "@torch._utils:_rebuild_xla_tensor ( @numpy.core.multiarray:_reconstruct ( @numpy:ndarray ( 0 t b'b' tR ( 1 ( 2 2 t @numpy:dtype ( 'f4' False True tR False b'0123456789abcdef' t b @torch:float32 'xla:1' False tR",
    "Tensor float32 strided [2,2] +0 xla:1 n=4/16 broken", "" },
  { "tensor of 0.2", "@torch:FloatTensor ) NEWOBJ " TEST_TENSOR_ID ("FloatStorage", "0", "4") GOOD4 " t b",
    PLAIN, "" },
  { "tensor of 0.2 on CUDA",
    "@torch.cuda:HalfTensor ) NEWOBJ ( ( b'storage' @torch.cuda:HalfStorage b'0' b'cuda:1' 4 t Q " GOOD4
    " t b",
    "Tensor float16 strided [2,2]/2,1 +0 cuda:1 storage=0 n=4/8", "" },
  { "parameter of 0.3",
    "@torch.nn.parameter:Parameter ( @torch._utils:_rebuild_tensor " TEST_TENSOR_ID ("FloatStorage", "0", "4")
        GOOD4 " tR True tR ( True False ) t b",
    "Parameter float32 strided [2,2]/2,1 +0 cpu storage=0 n=4/16 grad parameter", "" },
  { "parameter of 0.1",
    "@torch.nn.parameter:Parameter ) NEWOBJ ( @torch:FloatTensor ) NEWOBJ " TEST_TENSOR_ID ("FloatStorage",
                                                                                            "0",
                                                                                            "4") GOOD4
    " t b N N True False t b",
    "Parameter float32 strided [2,2]/2,1 +0 cpu storage=0 n=4/16 grad parameter", "" },
  { "variable of 0.3",
    "@torch.autograd.variable:Variable ( @torch._utils:_rebuild_tensor " TEST_TENSOR_ID ("FloatStorage",
                                                                                         "0",
                                                                                         "4") GOOD4
    " tR t NEWOBJ ( False False ) t b",
    PLAIN, "" },
  { "no tensor: dunder state", "@torch:Tensor ) NEWOBJ } '__class__' @torch:Tensor s b", NULL, "" },
  { "no tensor: lazy parameter", "@torch.nn.parameter:UninitializedParameter ( True tR", NULL, "" },
  { "no tensor: bytes", "@torch.storage:_load_from_bytes ( B'abc' tR", NULL, "" },
  { "no tensor: unknown function of a subclass",
    "@torch._tensor:_rebuild_from_type_v2 ( @x:f @x:Sub ( 1 t } tR", NULL, "" },
  { "storage in bytes",
    "@torch._utils:_rebuild_tensor_v2 ( @torch.storage:_load_from_bytes ( B'abc' tR " GOOD4 " False N tR",
    "Tensor unknown strided [2,2]/2,1 +0 ? n=0/0 broken", "" },
};

/* Group H of the hostile files, and more: the tensor stays in its place, and something is said of it. */
static const TensorCase broken[] = {
  { "H01", TEST_TENSOR ("short"), "Tensor float32 strided [2,2]/2,1 +0 cpu storage=short n=4/16",
    "storage-short" },
  { "H02", TEST_TENSOR ("long"), "Tensor float32 strided [2,2]/2,1 +0 cpu storage=long n=4/16",
    "storage-long" },
  { "H03", TEST_TENSOR_OF ("FloatStorage", "0", "-1", GOOD4),
    "Tensor unknown strided [2,2]/2,1 +0 ? n=0/0 broken", "storage-negative" },
  { "H04", TEST_TENSOR_OF ("FloatStorage", "0", "4611686018427387905", GOOD4),
    "Tensor unknown strided [2,2]/2,1 +0 ? n=0/0 broken", "storage-overflow" },
  { "numel beyond 64 bits", TEST_TENSOR_OF ("ByteStorage", "0", "2^70", GOOD4),
    "Tensor unknown strided [2,2]/2,1 +0 ? n=0/0 broken", "storage-overflow" },
  { "numel of text", TEST_TENSOR_OF ("FloatStorage", "0", "'4'", GOOD4),
    "Tensor unknown strided [2,2]/2,1 +0 ? n=0/0 broken", "storage-numel" },
  { "H05", V2 ("0 ( 2^32 2^32 t ( 2^32 1 t False N"),
    "Tensor float32 strided [4294967296,4294967296]/4294967296,1 +0 cpu n=0/0 broken", "tensor-overflow" },
  { "H06", V2 ("0 ( 9223372036854775807 3 t ( 1 1 t False N"),
    "Tensor float32 strided [9223372036854775807,3]/1,1 +0 cpu n=0/0 broken", "tensor-overflow" },
  { "H07", V2 ("0 ( -2 2 t ( 2 1 t False N"), "Tensor float32 strided [] +0 cpu n=0/0 broken",
    "tensor-negative" },
  { "H08", V2 ("0 ( 2 2 t ( -2 1 t False N"), "Tensor float32 strided [2,2] +0 cpu n=0/0 broken",
    "tensor-negative" },
  { "H09", V2 ("-4 ( 2 2 t ( 2 1 t False N"), "Tensor float32 strided [2,2]/2,1 +0 cpu n=0/0 broken",
    "tensor-negative" },
  { "H10", V2 ("1 ( 2 2 t ( 2 1 t False N"), "Tensor float32 strided [2,2]/2,1 +1 cpu n=4/16 broken",
    "tensor-out-of-bounds" },
  { "H11", V2 ("2^62 ( 0 2 t ( 2 1 t False N"),
    "Tensor float32 strided [0,2]/2,1 +4611686018427387904 cpu n=0/0 broken", "tensor-out-of-bounds" },
  { "H12", V2 ("0 ( 2 t ( 2^62 t False N"),
    "Tensor float32 strided [2]/4611686018427387904 +0 cpu n=2/8 broken", "tensor-out-of-bounds" },
  { "last beyond 64 bits", V2 ("0 ( 5 t ( 2^62 t False N"),
    "Tensor float32 strided [5]/4611686018427387904 +0 cpu n=5/20 broken", "tensor-overflow" },
  { "H13", V2 ("0 ( 2 2 t ( 1 t False N"), "Tensor float32 strided [2,2] +0 cpu n=0/0 broken",
    "tensor-stride" },
  { "H17", V2 ("0 ( '2' N t ( 2 1 t False N"), "Tensor float32 strided [] +0 cpu n=0/0 broken",
    "tensor-sizes" },
  { "H18", V2 ("0 ( 2^70 1 t ( 2 1 t False N"), "Tensor float32 strided [] +0 cpu n=0/0 broken",
    "tensor-overflow" },
  { "H19", V2 ("0 ( f2 2 t ( 2 1 t False N"), "Tensor float32 strided [] +0 cpu n=0/0 broken",
    "tensor-sizes" },
  { "size of text", V2 ("0 '22' ( 2 1 t False N"), "Tensor float32 strided [] +0 cpu n=0/0 broken",
    "tensor-sizes" },
  { "H20", TEST_TENSOR_OF ("FooStorage", "0", "4", GOOD4),
    "Tensor unknown strided [2,2]/2,1 +0 ? n=0/0 broken", "storage-type-unknown" },
  { "H21", TEST_TENSOR ("missing/../../etc/passwd"),
    "Tensor float32 strided [2,2]/2,1 +0 cpu storage=missing/../../etc/passwd n=4/16 broken",
    "storage-missing" },
  { "key with a NUL", TEST_TENSOR ("0\\x00"), "Tensor unknown strided [2,2]/2,1 +0 ? n=0/0 broken",
    "storage-key" },
  { "H23",
    "@torch._utils:_rebuild_tensor_v2 ( ( 'storage' @torch:FloatStorage 0 'cpu' 4 t Q " GOOD4 " False N tR",
    PLAIN, "storage-key-not-text" },
  { "key of another kind",
    "@torch._utils:_rebuild_tensor_v2 ( ( 'storage' @torch:FloatStorage N 'cpu' 4 t Q " GOOD4 " False N tR",
    "Tensor unknown strided [2,2]/2,1 +0 ? n=0/0 broken", "storage-key" },
  { "id of four",
    "@torch._utils:_rebuild_tensor_v2 ( ( 'storage' @torch:FloatStorage '0' 'cpu' t Q " GOOD4 " False N tR",
    "Tensor unknown strided [2,2]/2,1 +0 ? n=0/0 broken", "storage-id-length" },
  { "id of six",
    "@torch._utils:_rebuild_tensor_v2 ( ( 'storage' @torch:FloatStorage '0' 'cpu' 4 N t Q " GOOD4
    " False N tR",
    PLAIN, "storage-id-length" },
  { "H27", "@torch._utils:_rebuild_parameter ( 5 True " TEST_HOOKS "tR",
    "Parameter unknown strided [] +0 ? n=0/0 grad parameter broken", "parameter-data" },
  { "H28", "@torch._utils:_rebuild_tensor_v2 ( t R", "Tensor unknown strided [] +0 ? n=0/0 broken",
    "tensor-arguments" },
  { "arguments that are None", "@torch._utils:_rebuild_tensor_v2 N R",
    "Tensor unknown strided [] +0 ? n=0/0 broken", "args-not-tuple tensor-arguments" },
  { "K02", "@torch._tensor:_rebuild_from_type_v2 ( t R", "Tensor unknown strided [] +0 ? n=0/0 broken",
    "tensor-arguments" },
  { "H31",
    "@torch._utils:_rebuild_qtensor " TEST_TENSOR_ID ("FloatStorage", "0", "4") GOOD4 " False " TEST_HOOKS
                                                                                      "tR",
    "Tensor unknown strided [] +0 ? n=0/0 broken", "tensor-arguments" },
  { "quantizer of text",
    "@torch._utils:_rebuild_qtensor " TEST_TENSOR_ID ("QInt8Storage", "0", "4") GOOD4 " 'x' False N tR",
    "Tensor qint8 strided [2,2]/2,1 +0 cpu storage=0 n=4/4 broken", "tensor-quantizer" },
  { "too few scales",
    "@torch._utils:_rebuild_qtensor " TEST_TENSOR_ID ("QInt8Storage", "0", "4") GOOD4
    " ( @torch:per_channel_affine " TEST_TENSOR_OF ("DoubleStorage", "1", "1", "0 ( 1 t ( 1 t")
        TEST_TENSOR_OF ("LongStorage", "2", "2", "0 ( 2 t ( 1 t") "0 t False N tR",
    "Tensor qint8 strided [2,2]/2,1 +0 cpu storage=0 n=4/4 broken", "tensor-quantizer" },
  { "axis outside",
    "@torch._utils:_rebuild_qtensor " TEST_TENSOR_ID ("QInt8Storage", "0", "4") GOOD4
    " ( @torch:per_channel_affine " TEST_TENSOR_OF ("DoubleStorage", "1", "2", "0 ( 2 t ( 1 t")
        TEST_TENSOR_OF ("LongStorage", "2", "2", "0 ( 2 t ( 1 t") "2 t False N tR",
    "Tensor qint8 strided [2,2]/2,1 +0 cpu storage=0 n=4/4 broken", "tensor-quantizer" },
  { "sparse of numbers",
    "@torch._utils:_rebuild_sparse_tensor ( @torch.serialization:_get_layout ( 'torch.sparse_coo' tR ( 1 2 ( 5 7 t t tR",
    "Tensor unknown sparse_coo [] +0 ? n=0/0 broken", "tensor-parts" },
  { "sparse of too few",
    "@torch._utils:_rebuild_sparse_tensor ( @torch.serialization:_get_layout ( 'torch.sparse_coo' tR ) tR",
    "Tensor unknown sparse_coo [] +0 ? n=0/0 broken", "tensor-arguments" },
  { "sparse of a strange layout",
    "@torch._utils:_rebuild_sparse_tensor ( @torch.serialization:_get_layout ( 'torch.dense' tR ) tR",
    "Tensor unknown unknown [] +0 ? n=0/0 broken", "tensor-sparse" },
  { "sparse that does not fit",
    "@torch._utils:_rebuild_sparse_tensor ( @torch:sparse_coo ( " TEST_TENSOR_OF ("LongStorage",
                                                                                  "1",
                                                                                  "2",
                                                                                  "0 ( 2 1 t ( 1 1 t")
        TEST_TENSOR_OF ("FloatStorage", "2", "2", "0 ( 2 t ( 1 t") "( 5 7 t t tR",
    "Tensor float32 sparse_coo [5,7] +0 cpu n=35/24 broken", "tensor-sparse" },
  { "sparse with a broken part",
    "@torch._utils:_rebuild_sparse_tensor ( @torch:sparse_coo ( " TEST_TENSOR_OF ("LongStorage",
                                                                                  "1",
                                                                                  "1",
                                                                                  "0 ( 1 2 t ( 2 1 t")
        TEST_TENSOR_OF ("FloatStorage", "2", "2", "0 ( 2 t ( 1 t") "( 5 t t tR",
    "Tensor float32 sparse_coo [5] +0 cpu n=0/24 broken", "tensor-out-of-bounds" },
  { "nested of numbers", "@torch._utils:_rebuild_nested_tensor ( 1 2 3 4 tR",
    "Tensor unknown nested [] +0 ? n=0/0 broken", "tensor-parts" },
  { "jagged of nothing", "@torch.nested._internal.nested_tensor:_rebuild_njt ( N tR",
    "Tensor unknown jagged [] +0 ? n=0/0 broken", "tensor-parts" },
  { "meta without a type", "@torch._utils:_rebuild_meta_tensor_no_storage ( 'float32' ( 2 t ( 1 t False tR",
    "Tensor unknown strided [] +0 meta n=0/0 meta broken", "tensor-type-unknown" },
  { "storage of text", "@torch._utils:_rebuild_tensor_v2 ( 'storage' " GOOD4 " False N tR",
    "Tensor unknown strided [2,2]/2,1 +0 ? n=0/0 broken", "tensor-storage" },
  { "D25", TEST_TENSOR ("0") "0 7 s", PLAIN, "tensor-written" },
};

static void
check_tensor (const TensorCase *row)
{
  g_autoptr (CkptTree) tree = test_tree_new (row->words, CKPT_PERSISTENT_ZIP);
  const CkptTensor *tensor = ckpt_tree_get_node_tensor (tree, ckpt_tree_get_root (tree));
  g_autofree char *printed = tensor != NULL ? print_tensor (tree, tensor) : NULL;
  g_autofree char *codes = test_tree_codes (tree);

  if (g_strcmp0 (printed, row->tensor) != 0 || strcmp (codes, row->codes) != 0)
    g_error ("%s:\n  %s (%s)\n  instead of\n  %s (%s)", row->name, printed, codes, row->tensor, row->codes);

  g_assert_cmpint (ckpt_tree_get_kind (tree, ckpt_tree_get_root (tree)), ==,
                   row->tensor != NULL ? CKPT_KIND_TENSOR : CKPT_KIND_OBJECT);
  for (guint i = 0; i < ckpt_tree_get_n_warnings (tree); i++)
    g_assert_true (g_str_has_prefix (ckpt_tree_get_warning (tree, i)->path, "."));
}

static void
test_forms (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (forms); i++)
    check_tensor (&forms[i]);
}

static void
test_broken (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (broken); i++)
    check_tensor (&broken[i]);
}

static void
test_many_dimensions (void)
{
  static const struct
  {
    guint n;
    gboolean is_broken;
    const char *codes;
  } cases[] = { { 64, FALSE, "" },
                { 65, FALSE, "tensor-dimensions" },
                { 1024, FALSE, "tensor-dimensions" },
                { 1025, TRUE, "tensor-dimensions" },
                { 100000, TRUE, "tensor-dimensions" } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GString) words = g_string_new (
          "@torch._utils:_rebuild_tensor_v2 " TEST_TENSOR_ID ("FloatStorage", "0", "4") "0 ");
      g_autoptr (CkptTree) tree = NULL;
      g_autofree char *codes = NULL;

      for (guint tuple = 0; tuple < 2; tuple++)
        {
          g_string_append (words, "( ");
          for (guint j = 0; j < cases[i].n; j++)
            g_string_append (words, "1 ");
          g_string_append (words, "t ");
        }
      g_string_append (words, "False N tR");

      tree = test_tree_new (words->str, CKPT_PERSISTENT_ZIP);
      codes = test_tree_codes (tree);
      g_assert_cmpstr (codes, ==, cases[i].codes);
      g_assert_cmpint ((ckpt_tree_get_tensor (tree, 0)->flags & CKPT_TENSOR_BROKEN) != 0, ==,
                       cases[i].is_broken);
    }
}

/* A storage is what its first id says, as in torch.load(). */
static void
test_shared_storage (void)
{
  static const struct
  {
    const char *words;
    CkptContainer container;
    const char *second;
    const char *codes;
  } cases[] = {
    { "} ( 'a' " TEST_TENSOR ("0") "'b' " TEST_TENSOR ("0") "u", CKPT_CONTAINER_TORCH_ZIP, PLAIN, "" },
    { "} ( 'a' " TEST_TENSOR ("0") "'b' " TEST_TENSOR_OF ("LongStorage", "0", "2", "0 ( 2 t ( 1 t") "u",
      CKPT_CONTAINER_TORCH_ZIP, "Tensor float32 strided [2]/1 +0 cpu storage=0 n=2/8", "storage-two-types" },
    { "} ( 'a' " TEST_TENSOR ("0") "'b' @torch._utils:_rebuild_parameter ( " TEST_TENSOR_OF (
          "LongStorage", "0", "2", "0 ( 2 t ( 1 t") "True N tR u",
      CKPT_CONTAINER_TORCH_ZIP, "Tensor float32 strided [2]/1 +0 cpu storage=0 n=2/8", "storage-two-types" },
    { "} ( 'a' " TEST_TENSOR ("0") "'b' " TEST_TENSOR_OF ("LongStorage", "0", "2", "0 ( 2 t ( 1 t") "u",
      CKPT_CONTAINER_TORCHSCRIPT, "Tensor int64 strided [2]/1 +0 cpu storage=0 n=2/16", "" },
    { "} ( 'a' " TEST_TENSOR ("0") "'b' " TEST_TENSOR_OF ("FloatStorage", "0", "400", "0 ( 400 t ( 1 t") "u",
      CKPT_CONTAINER_TORCH_ZIP, "Tensor float32 strided [400]/1 +0 cpu n=400/1600 broken",
      "storage-two-sizes tensor-out-of-bounds" },
    { "} ( 'a' " TEST_TENSOR_OF ("FloatStorage", "0", "0", "0 ( 0 t ( 1 t") "'b' " TEST_TENSOR_OF (
          "LongStorage", "0", "0", "0 ( 0 t ( 1 t") "u",
      CKPT_CONTAINER_TORCH_ZIP, "Tensor float32 strided [0]/1 +0 cpu storage=0 n=0/0", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GByteArray) pickle = test_pickle_assemble (cases[i].words);
      g_autoptr (CkptTree) tree = test_tree_new_for (pickle, CKPT_PERSISTENT_ZIP, cases[i].container);
      g_autofree char *codes = test_tree_codes (tree);
      g_autofree char *printed = print_tensor (tree, ckpt_tree_get_tensor (tree, 1));

      g_assert_cmpstr (printed, ==, cases[i].second);
      g_assert_cmpstr (codes, ==, cases[i].codes);
      g_assert_cmpuint (ckpt_tree_get_n_storages (tree), ==, 1);
      for (guint j = 0; j < ckpt_tree_get_n_warnings (tree); j++)
        g_assert_cmpstr (ckpt_tree_get_warning (tree, j)->path, ==, "[\"b\"]");
    }
}

/* The container before 1.6: six values, and views of storages. */
static void
test_legacy (void)
{
#define LEGACY(metadata, rest)                                                                              \
  "@torch._utils:_rebuild_tensor_v2 ( ( 'storage' @torch:FloatStorage '94' 'cpu' 10 " metadata " t Q " rest \
  " False N tR"
  static const struct
  {
    const char *words;
    const char *tensor;
    const char *codes;
  } cases[] = {
    { LEGACY ("N", GOOD4), "Tensor float32 strided [2,2]/2,1 +0 cpu storage=94 n=4/16", "" },
    { LEGACY ("( '95' 3 4 t", GOOD4), "Tensor float32 strided [2,2]/2,1 +3 cpu storage=94 n=4/16", "" },
    { LEGACY ("( '95' 0 0 t", "0 ( 0 t ( 1 t"), "Tensor float32 strided [0]/1 +0 cpu storage=94 n=0/0", "" },
    { LEGACY ("( '95' 3 4 t", "1 ( 2 2 t ( 2 1 t"), "Tensor float32 strided [2,2]/2,1 +1 cpu n=4/16 broken",
      "tensor-out-of-bounds" },
    { LEGACY ("( '95' 100 4 t", GOOD4), "Tensor unknown strided [2,2]/2,1 +0 ? n=0/0 broken",
      "view-out-of-bounds" },
    { LEGACY ("( '95' -1 4 t", GOOD4), "Tensor unknown strided [2,2]/2,1 +0 ? n=0/0 broken",
      "view-out-of-bounds" },
    { LEGACY ("( '95' 9223372036854775807 9223372036854775807 t", GOOD4),
      "Tensor unknown strided [2,2]/2,1 +0 ? n=0/0 broken", "view-out-of-bounds" },
    { LEGACY ("'95'", GOOD4), "Tensor unknown strided [2,2]/2,1 +0 ? n=0/0 broken", "view-out-of-bounds" },
    { TEST_TENSOR ("0"), PLAIN, "storage-id-length" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (CkptTree) tree = test_tree_new (cases[i].words, CKPT_PERSISTENT_LEGACY);
      g_autofree char *codes = test_tree_codes (tree);
      g_autofree char *printed = print_tensor (tree, ckpt_tree_get_tensor (tree, 0));

      g_assert_cmpstr (printed, ==, cases[i].tensor);
      g_assert_cmpstr (codes, ==, cases[i].codes);
    }
}

/* In place of a class, the container before 1.6 may hold it with its source. */
static void
test_class_id (void)
{
  g_autoptr (CkptTree) tree = test_tree_new (
      "( 'module' @nets:Model 'nets.py' 'class' t Q ) NEWOBJ } 'training' False s b", CKPT_PERSISTENT_LEGACY);
  CkptNodeId root = ckpt_tree_get_root (tree);

  g_assert_cmpstr (ckpt_tree_get_class_name (tree, root), ==, "nets.Model");
  g_assert_cmpuint (ckpt_tree_get_n_children (tree, root), ==, 1);
  g_assert_cmpuint (ckpt_tree_get_n_warnings (tree), ==, 0);
}

static void
test_other_ids (void)
{
  static const struct
  {
    const char *words;
    CkptPersistentStyle style;
    const char *codes;
  } cases[] = {
    { "( 'thing' 1 t Q", CKPT_PERSISTENT_ZIP, "persistent-id-unknown" },
    { "'94' Q", CKPT_PERSISTENT_ZIP, "persistent-id-unknown" },
    { "'94' Q", CKPT_PERSISTENT_OTHER, "" },
    { "( 'storage' @torch:FloatStorage '0' 'cpu' 4 t Q", CKPT_PERSISTENT_OTHER, "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (CkptTree) tree = test_tree_new (cases[i].words, cases[i].style);
      g_autofree char *codes = test_tree_codes (tree);

      g_assert_cmpstr (codes, ==, cases[i].codes);
      g_assert_cmpint (ckpt_tree_get_kind (tree, ckpt_tree_get_root (tree)), ==, CKPT_KIND_PERSISTENT_ID);
      g_assert_cmpuint (ckpt_tree_get_n_children (tree, ckpt_tree_get_root (tree)), ==, 1);
    }
}

static void
test_quantizer (void)
{
  g_autoptr (CkptTree) tree = test_tree_new (
      "} ( 'a' @torch._utils:_rebuild_qtensor " TEST_TENSOR_ID ("QInt8Storage", "0", "4") GOOD4
      " ( @torch:per_tensor_affine f0.5 3 t False N tR "
      "'b' @torch._utils:_rebuild_qtensor " TEST_TENSOR_ID ("QInt8Storage", "0", "4") GOOD4
      " ( @torch:per_channel_affine " TEST_TENSOR_OF ("DoubleStorage", "1", "2", "0 ( 2 t ( 1 t")
          TEST_TENSOR_OF ("LongStorage", "2", "2", "0 ( 2 t ( 1 t") "1 t False N tR u",
      CKPT_PERSISTENT_ZIP);
  const CkptQuantizer *a = ckpt_tree_get_node_tensor (tree, test_tree_get (tree, "[\"a\"]"))->quantizer;
  const CkptQuantizer *b = ckpt_tree_get_node_tensor (tree, test_tree_get (tree, "[\"b\"]"))->quantizer;

  g_assert_cmpint (a->scheme, ==, CKPT_QSCHEME_PER_TENSOR);
  g_assert_cmpfloat (a->scale, ==, 0.5);
  g_assert_cmpint (a->zero_point, ==, 3);
  g_assert_cmpint (b->scheme, ==, CKPT_QSCHEME_PER_CHANNEL);
  g_assert_cmpint (b->axis, ==, 1);
  g_assert_cmpint (ckpt_tree_get_tensor (tree, b->scales)->dtype, ==, CKPT_DTYPE_FLOAT64);
  g_assert_cmpint (ckpt_tree_get_tensor (tree, b->zero_points)->dtype, ==, CKPT_DTYPE_INT64);

  /* The tensors that it is made of are there to be seen. */
  test_tree_get (tree, "[\"b\"].args[4][1]");
}

static void
test_ties (void)
{
  g_autoptr (CkptTree) tree = test_tree_new (
      "} ( 'a' " TEST_TENSOR ("0") "'b' @torch._utils:_rebuild_parameter ( " TEST_TENSOR (
          "0") "True N tR "
               "'c' " TEST_TENSOR_OF ("FloatStorage", "0", "4", "0 ( 2 2 t ( 1 2 t") "'d' " TEST_TENSOR (
                   "1") "'e' " TEST_TENSOR ("0") "'f' @torch._utils:_rebuild_parameter ( " TEST_TENSOR ("2") "True N tR "
                                                                                                             "u",
      CKPT_PERSISTENT_ZIP);
  guint32 a = ckpt_tree_get_node_tensor (tree, test_tree_get (tree, "[\"a\"]"))->index;
  static const struct
  {
    const char *path;
    gboolean is_tied;
  } cases[] = { { "[\"a\"]", FALSE }, { "[\"b\"]", TRUE }, { "[\"c\"]", FALSE },
                { "[\"d\"]", FALSE }, { "[\"e\"]", TRUE }, { "[\"f\"]", FALSE } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpuint (ckpt_tree_get_node_tensor (tree, test_tree_get (tree, cases[i].path))->tied_to, ==,
                      cases[i].is_tied ? a : CKPT_NO_TENSOR);
}

typedef struct
{
  const char *words;
  CkptKind kind;
  const char *class_name;
  const char *described;
} ValueCase;

static const ValueCase values[] = {
  { "@collections:OrderedDict )R ( 'a' 1 'b' 2 u", CKPT_KIND_DICT, "collections.OrderedDict",
    "OrderedDict of 2" },
  { "@collections:OrderedDict ( ] ( ] ( 'a' 1 e ] ( 'b' 2 e e tR", CKPT_KIND_DICT, "collections.OrderedDict",
    "OrderedDict of 2" },
  { "@collections:defaultdict ( @__builtin__:list tR 'k' 1 s", CKPT_KIND_DICT, "collections.defaultdict",
    "defaultdict of 1" },
  { "@collections:Counter ( } ( 'a' 2 'b' 1 u tR", CKPT_KIND_DICT, "collections.Counter", "Counter of 2" },
  { "@__builtin__:set ( ] ( 1 2 e tR", CKPT_KIND_SET, NULL, "set of 2" },
  { "@builtins:frozenset ( ] 1 a tR", CKPT_KIND_FROZENSET, NULL, "frozenset of 1" },
  { "@builtins:set )R", CKPT_KIND_SET, NULL, "set of 0" },
  { "@_codecs:encode ( 'a\303\277' 'latin1' tR", CKPT_KIND_BYTES, NULL, "b\"a\\xff\"" },
  { "@_codecs:encode ( '\304\200' 'latin1' tR", CKPT_KIND_OBJECT, "_codecs.encode", "encode('Ā', 'latin1')" },
  { "@__builtin__:bytes )R", CKPT_KIND_BYTES, NULL, "b\"\"" },
  { "@__builtin__:bytearray ( @_codecs:encode ( 'a\303\277' 'latin1' tR tR", CKPT_KIND_BYTEARRAY, NULL,
    "b\"a\\xff\"" },
  { "@__builtin__:bytearray ( '\303\277' 'latin-1' tR", CKPT_KIND_BYTEARRAY, NULL, "b\"\\xff\"" },
  { "@builtins:bytearray ( 1099511627776 tR", CKPT_KIND_OBJECT, "builtins.bytearray",
    "bytearray(1099511627776)" },
  { "b'abc'", CKPT_KIND_STRING, NULL, "\"abc\"" },
  { "b'\377a'", CKPT_KIND_BYTES, NULL, "b\"\\xffa\"" },
  { "B'abc'", CKPT_KIND_BYTES, NULL, "b\"abc\"" },
  { "@__builtin__:complex ( f1 f2 tR", CKPT_KIND_OBJECT, "builtins.complex", "complex(1.0, 2.0)" },
  { "@__builtin__:xrange ( 0 3 1 tR", CKPT_KIND_OBJECT, "builtins.range", "range(0, 3, 1)" },
  { "@torch:Size ( ( 2 3 t tR", CKPT_KIND_OBJECT, "torch.Size", "Size((2, 3))" },
  { "@torch:device ( 'cuda' 1 tR", CKPT_KIND_OBJECT, "torch.device", "device('cuda', 1)" },
  { "@torch.serialization:_get_layout ( 'torch.strided' tR", CKPT_KIND_OBJECT, "torch.layout",
    "layout('torch.strided')" },
  { "@torch:bfloat16", CKPT_KIND_GLOBAL, "torch.dtype", "torch.bfloat16" },
  { "@torch:per_tensor_affine", CKPT_KIND_GLOBAL, "torch.qscheme", "torch.per_tensor_affine" },
  { "@math:sqrt", CKPT_KIND_GLOBAL, NULL, "math.sqrt" },
  { "@__builtin__:long", CKPT_KIND_GLOBAL, NULL, "builtins.int" },
  { "@argparse:Namespace ) NEWOBJ } 'lr' f0.1 s b", CKPT_KIND_OBJECT, "argparse.Namespace", "Namespace" },
  { "@copy_reg:_reconstructor ( @x:Y @__builtin__:object N tR", CKPT_KIND_OBJECT, "x.Y", "Y" },
  { "@numpy.core.multiarray:scalar ( @numpy:dtype ( 'i8' False True tR b'12345678' tR", CKPT_KIND_OBJECT,
    "numpy.int64", "int64" },
  { "@numpy.core.multiarray:_reconstruct ( @numpy:ndarray ( 0 t b'b' tR", CKPT_KIND_OBJECT, "numpy.ndarray",
    "ndarray" },
  { "@torch.jit._pickle:build_intlist ( ] ( 1 2 e tR", CKPT_KIND_LIST, NULL, "list of 2" },
  { "@torch.jit._pickle:restore_type_tag ( } 'a' 1 s 'Dict[str,int]' tR", CKPT_KIND_DICT, NULL, "dict of 1" },
  { "@torch.jit._pickle:restore_type_tag ( @torch.jit._pickle:build_intlist ( ] 1 a tR 'x' tR",
    CKPT_KIND_LIST, NULL, "list of 1" },
  { "( 'storage' @torch:FloatStorage '0' 'cpu' 4 t Q", CKPT_KIND_STORAGE, "torch.storage.TypedStorage",
    "storage of 4 float32" },
  { "( 'storage' @torch.storage:UntypedStorage '0' 'cpu' 4 t Q", CKPT_KIND_STORAGE,
    "torch.storage.UntypedStorage", "storage of 4 uint8" },
  { "@x:Y N R", CKPT_KIND_OBJECT, "x.Y", "Y(None)" },
  { "@x:f )R )R", CKPT_KIND_OBJECT, NULL, "object" },
  { "@x:A\342\200\213 )R", CKPT_KIND_OBJECT, "x.A\\u200b", "A\\u200b" },
};

static void
test_values (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    {
      const ValueCase *row = &values[i];
      g_autoptr (CkptTree) tree = test_tree_new (row->words, CKPT_PERSISTENT_ZIP);
      CkptNodeId root = ckpt_tree_get_root (tree);
      g_autofree char *described = ckpt_tree_describe (tree, root);

      if (ckpt_tree_get_kind (tree, root) != row->kind ||
          g_strcmp0 (ckpt_tree_get_class_name (tree, root), row->class_name) != 0 ||
          (row->described != NULL && strcmp (described, row->described) != 0))
        g_error ("%s: kind %u, %s, %s", row->words, ckpt_tree_get_kind (tree, root),
                 ckpt_tree_get_class_name (tree, root), described);
    }
}

static void
test_numpy_float (void)
{
  /* 0.5 in both byte orders; a text cannot hold the bytes, so the strings are of Python 2. */
  static const struct
  {
    const char *order;
    const char *bytes;
  } cases[] = { { "<", "\0\0\0\0\0\0\340\077" }, { ">", "\077\340\0\0\0\0\0\0" } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *words = g_strdup_printf (
          "@numpy._core.multiarray:scalar ( @numpy:dtype ( 'f8' False True tR ( 3 '%s' N N N -1 -1 0 t b",
          cases[i].order);
      g_autoptr (GByteArray) pickle = test_pickle_assemble (words);
      g_autoptr (CkptTree) tree = NULL;

      g_byte_array_set_size (pickle, pickle->len - 1);
      g_byte_array_append (pickle, (const guint8 *) "U\010", 2);
      g_byte_array_append (pickle, (const guint8 *) cases[i].bytes, 8);
      g_byte_array_append (pickle, (const guint8 *) "tR.", 3);
      tree = test_tree_new_for (pickle, CKPT_PERSISTENT_ZIP, CKPT_CONTAINER_TORCH_ZIP);
      g_assert_cmpint (ckpt_tree_get_kind (tree, ckpt_tree_get_root (tree)), ==, CKPT_KIND_FLOAT);
      g_assert_cmpfloat (ckpt_tree_get_float (tree, ckpt_tree_get_root (tree)), ==, 0.5);
    }
}

typedef struct
{
  const char *words;
  const char *keys; /* what is left, as path steps */
  const char *codes;
} KeyCase;

static const KeyCase key_cases[] = {
  { "} ( 'a' 1 'b' 2 'a' 3 u", "[\"a\"]=3 [\"b\"]=2 ", "key-twice" },
  { "} ( 1 'x' True 'y' f1 'z' N 'n' ( 1 2 t 't' b'w' 'w' u",
    "[1]=\"z\" [None]=\"n\" [(1, 2)]=\"t\" [\"w\"]=\"w\" ", "key-twice" },
  { "} ( 0 1 f-0 2 False 3 u", "[0]=3 ", "key-twice" },
  { "} ( 'a' 1 b'a' 2 B'a' 3 u", "[\"a\"]=2 [b\"a\"]=3 ", "key-twice" },
  { "} ( ( 1 'a' t 1 ( f1 'a' t 2 ( 1 'b' t 3 u", "[(1, \"a\")]=2 [(1, \"b\")]=3 ", "key-twice" },
  { "} ( @torch:float32 1 @torch:float32 2 u", "[torch.float32]=2 ", "key-twice" },
  { "} ( @__builtin__:long 1 @builtins:int 2 u", "[builtins.int]=2 ", "key-twice" },
  { "} ( fnan 1 fnan 2 u", "[#0]=1 [#1]=2 ", "" },
  { "} ( f0.5 1 '0.5' 2 f1e300 3 u", "[0.5]=1 [\"0.5\"]=2 [1e+300]=3 ", "" },
  { "} ( 2^70 1 2^70 2 2^71 3 u", "[1180591620717411303424]=2 [2361183241434822606848]=3 ", "key-twice" },
  { "} ( @x:Y )R 1 @x:Y )R 2 u", "[#0]=1 [#1]=2 ", "" },
  { "} ( 'a\\x00b' 1 'a' 2 u", "[\"a\\x00b\"]=1 [\"a\"]=2 ", "" },
  { "@collections:OrderedDict )R ( 'a' 1 'a' 2 u", "[\"a\"]=2 ", "key-twice" },
  { "} ] 1 s", "[#0]=1 ", "unhashable-key" },
  { "} ( ] 1 t 1 s", "[#0]=1 ", "unhashable-key" },
  { "} @collections:OrderedDict )R 1 s", "[#0]=1 ", "unhashable-key" },
};

static void
test_keys (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (key_cases); i++)
    {
      const KeyCase *row = &key_cases[i];
      g_autoptr (CkptTree) tree = test_tree_new (row->words, CKPT_PERSISTENT_ZIP);
      g_autofree char *codes = test_tree_codes (tree);
      g_autoptr (GString) keys = g_string_new (NULL);

      for (guint32 j = 0; j < ckpt_tree_get_n_children (tree, ckpt_tree_get_root (tree)); j++)
        {
          g_autoptr (CkptPath) path = ckpt_path_new ();
          g_autofree char *printed = NULL;
          g_autofree char *described = NULL;
          CkptChild child;

          ckpt_tree_get_child (tree, ckpt_tree_get_root (tree), j, &child);
          ckpt_path_push (path, &child);
          printed = ckpt_path_to_string (path, tree);
          described = ckpt_tree_describe (tree, child.node);
          g_string_append_printf (keys, "%s=%s ", printed, described);
        }
      g_assert_cmpstr (keys->str, ==, row->keys);
      g_assert_cmpstr (codes, ==, row->codes);
    }
}

/* Many keys go through the index instead of being compared one by one, and give the same. */
static void
test_many_keys (void)
{
  g_autoptr (GString) words = g_string_new ("} ( ");
  g_autoptr (CkptTree) tree = NULL;
  CkptChild child;
  gint64 value;

  for (guint i = 0; i < 1000; i++)
    g_string_append_printf (words, "'k%u' %u %u 5 ", i % 400, i, i % 300);
  g_string_append (words, "u");
  tree = test_tree_new (words->str, CKPT_PERSISTENT_ZIP);
  g_assert_cmpuint (ckpt_tree_get_n_children (tree, ckpt_tree_get_root (tree)), ==, 700);
  g_assert_cmpuint (ckpt_tree_get_n_warnings (tree), ==, 1);
  ckpt_tree_get_child (tree, ckpt_tree_get_root (tree), 2, &child);
  g_assert_true (ckpt_tree_get_int (tree, child.node, &value));
  g_assert_cmpint (value, ==, 801);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/recognise/forms", test_forms);
  g_test_add_func ("/recognise/broken", test_broken);
  g_test_add_func ("/recognise/many-dimensions", test_many_dimensions);
  g_test_add_func ("/recognise/shared-storage", test_shared_storage);
  g_test_add_func ("/recognise/legacy", test_legacy);
  g_test_add_func ("/recognise/class-id", test_class_id);
  g_test_add_func ("/recognise/other-ids", test_other_ids);
  g_test_add_func ("/recognise/quantizer", test_quantizer);
  g_test_add_func ("/recognise/ties", test_ties);
  g_test_add_func ("/recognise/values", test_values);
  g_test_add_func ("/recognise/numpy-float", test_numpy_float);
  g_test_add_func ("/recognise/keys", test_keys);
  g_test_add_func ("/recognise/many-keys", test_many_keys);
  return g_test_run ();
}
