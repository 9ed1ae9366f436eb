/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "edit/ckpt-older.h"

#include "analysis/ckpt-provenance.h"
#include "edit/ckpt-plain.h"
#include "model/ckpt-tree-data.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Arguments of _rebuild_tensor_v2() before its metadata, and of _rebuild_parameter(): torch/_utils.py. */
#define N_V2_ARGS        6
#define N_PARAMETER_ARGS 3

typedef struct
{
  CkptDraft *draft;
  CkptTree *tree;
  CkptNodes *nodes;
  const CkptTensor *tensor;
  CkptNodeId node;
  gboolean *is_changed;
  char **why;
  GError **error;
} Older;

static gboolean G_GNUC_PRINTF (2, 3)
cannot (Older *self, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  *self->why = g_strdup_vprintf (format, args);
  va_end (args);
  return TRUE;
}

/* The first @n arguments of the call. */
static CkptNodeId
cut_arguments (Older *self, guint32 n)
{
  g_autoptr (GArray) args = g_array_new (FALSE, FALSE, sizeof (CkptNodeId));

  for (guint32 i = 0; i < n; i++)
    {
      CkptNodeId argument = ckpt_plain_get_argument (self->draft, self->node, i);

      g_array_append_val (args, argument);
    }
  return ckpt_draft_add_tuple (self->draft, (const CkptNodeId *) (gpointer) args->data, args->len,
                               self->error);
}

static guint32
count_arguments (Older *self)
{
  CkptNodeId args = ckpt_nodes_get_slot (self->nodes, self->node, CKPT_SLOT_ARGS);

  return args != CKPT_NO_NODE && ckpt_nodes_get_kind (self->nodes, args) == CKPT_KIND_TUPLE
             ? ckpt_nodes_get_length (self->nodes, args)
             : 0;
}

static gboolean
replace (Older *self, CkptNodeId with)
{
  *self->is_changed = TRUE;
  return with != CKPT_NO_NODE &&
         ckpt_draft_replace_tensor (self->draft, self->tensor->index, with, self->error);
}

/* Conjugated or negated elements are written as such. */
static CkptNodeId
make_materialized (Older *self)
{
  CkptStorage storage = {
    .location = self->tensor->device,
    .dtype = self->tensor->dtype,
    .numel = self->tensor->numel,
    .n_bytes = self->tensor->n_bytes,
    .n_bytes_present = self->tensor->n_bytes,
    .record = CKPT_NO_RECORD,
    .bytes = CKPT_BYTES_ELEMENTS,
    .origin = self->tensor->index,
  };
  guint added = ckpt_draft_add_storage (self->draft, &storage, self->error);
  g_autofree gint64 *stride = g_new0 (gint64, self->tensor->n_dims);
  gint64 step = 1;

  if (added == CKPT_NO_STORAGE)
    return CKPT_NO_NODE;
  for (guint i = self->tensor->n_dims; i > 0; i--)
    {
      stride[i - 1] = step;
      step *= MAX (self->tensor->shape[i - 1], 1);
    }
  return ckpt_draft_add_tensor (self->draft, added, self->tensor->dtype, 0, self->tensor->n_dims,
                                self->tensor->shape, stride,
                                (self->tensor->flags & CKPT_TENSOR_REQUIRES_GRAD) != 0, self->error);
}

/* _rebuild_tensor_v2() with metadata is of PyTorch 2.0. */
static gboolean
change_v2 (Older *self)
{
  CkptNodeId args;

  if (count_arguments (self) <= N_V2_ARGS)
    return TRUE;
  if (self->tensor->flags & CKPT_TENSOR_BROKEN)
    return TRUE;
  if (self->tensor->flags & (CKPT_TENSOR_CONJ | CKPT_TENSOR_NEG))
    return replace (self, make_materialized (self));

  args = cut_arguments (self, N_V2_ARGS);
  if (args == CKPT_NO_NODE)
    return FALSE;
  return replace (self, ckpt_draft_add_call (
                            self->draft, ckpt_nodes_get_slot (self->nodes, self->node, CKPT_SLOT_CALLABLE),
                            args, self->error));
}

/* Attributes of a parameter are written since 2.0. */
static gboolean
change_parameter (Older *self)
{
  CkptNodeId args = count_arguments (self) >= N_PARAMETER_ARGS ? cut_arguments (self, N_PARAMETER_ARGS)
                                                               : CKPT_NO_NODE;

  if (args == CKPT_NO_NODE)
    return *self->error == NULL;
  return replace (self, ckpt_draft_add_call (self->draft,
                                             ckpt_draft_add_global (self->draft, "torch._utils",
                                                                    "_rebuild_parameter", self->error),
                                             args, self->error));
}

/* A tensor with attributes is written in this way since 1.12; without them it is what the inner call makes. */
static gboolean
change_subclass (Older *self)
{
  CkptNodeId function = ckpt_plain_get_argument (self->draft, self->node, 0);
  CkptNodeId class_node = ckpt_plain_get_argument (self->draft, self->node, 1);
  CkptNodeId args = ckpt_plain_get_argument (self->draft, self->node, 2);
  const CkptGlobal *class = ckpt_tree_peek_global (self->tree, class_node);

  if (class == NULL || args == CKPT_NO_NODE || class->name != CKPT_NAME_TENSOR_CLASS)
    return cannot (self, _ ("it is of the class %s"), class != NULL ? class->full_name : "?");
  return replace (self, ckpt_draft_add_call (self->draft, function, args, self->error));
}

/* Whether a sparse tensor is coalesced is written since 2.1. */
static gboolean
change_sparse (Older *self)
{
  CkptNodeId parts = ckpt_plain_get_argument (self->draft, self->node, 1);

  if (self->tensor->layout != CKPT_LAYOUT_SPARSE_COO)
    return cannot (self, _ ("its layout is %s"), ckpt_layout_get_name (self->tensor->layout));
  if (parts == CKPT_NO_NODE || ckpt_nodes_get_kind (self->nodes, parts) != CKPT_KIND_TUPLE ||
      ckpt_nodes_get_length (self->nodes, parts) != 4)
    return TRUE;
  *self->is_changed = TRUE;
  return ckpt_draft_splice (self->draft, parts, 3, 1, NULL, 0, self->error) &&
         ckpt_draft_touch_tensor (self->draft, self->tensor->index, self->error);
}

static gboolean
change_call (Older *self, CkptName name, guint release)
{
  switch ((int) name)
    {
    case CKPT_NAME_REBUILD_TENSOR_V2:
      return change_v2 (self);
    case CKPT_NAME_REBUILD_TENSOR_V3:
      return cannot (self, _ ("its type is written in a way that came with PyTorch 2.1: %s"),
                     ckpt_dtype_get_name (self->tensor->dtype));
    case CKPT_NAME_REBUILD_PARAMETER_WITH_STATE:
      return change_parameter (self);
    case CKPT_NAME_REBUILD_FROM_TYPE:
      return change_subclass (self);
    case CKPT_NAME_REBUILD_SPARSE_TENSOR:
      return change_sparse (self);
    case CKPT_NAME_REBUILD_SPARSE_CSR_TENSOR:
    case CKPT_NAME_REBUILD_NESTED_TENSOR:
    case CKPT_NAME_REBUILD_JAGGED_TENSOR:
      return cannot (self, _ ("its layout is %s"), ckpt_layout_get_name (self->tensor->layout));
    case CKPT_NAME_REBUILD_META_TENSOR:
    case CKPT_NAME_REBUILD_WRAPPER_SUBCLASS:
      return cannot (self, _ ("it has no data (%s)"), self->tensor->class_name);
    case CKPT_NAME_REBUILD_DEVICE_TENSOR_FROM_CPU:
      return cannot (self, _ ("it is on %s; moved to the CPU it could be"), self->tensor->device);
    default:
      return TRUE;
    }
}

/**
 * ckpt_older_change_tensor:
 * @draft: a draft
 * @tensor: index of a tensor
 * @release: a release of PyTorch: 106 is 1.6
 * @is_changed: (out): whether it was written anew
 * @why: (out) (transfer full) (nullable): why it cannot be written for that release: the rest of a sentence
 * @error: return location
 *
 * Returns: %FALSE with %CKPT_ERROR_LIMIT
 */
gboolean
ckpt_older_change_tensor (CkptDraft *draft,
                          guint tensor,
                          guint release,
                          gboolean *is_changed,
                          char **why,
                          GError **error)
{
  CkptTree *tree = ckpt_draft_get_tree (draft);
  const CkptTensor *known = ckpt_tree_get_tensor (tree, tensor);
  g_autoptr (GError) problem = NULL;
  Older self = { draft, tree, ckpt_draft_get_nodes (draft), known, known->node, is_changed, why, &problem };
  const CkptGlobal *global;

  if (ckpt_nodes_get_kind (self.nodes, self.node) != CKPT_KIND_OBJECT)
    return TRUE; /* of safetensors or a tar, and pickled only when it is written */
  if (ckpt_provenance_get_dtype_release (known->dtype) > release)
    return cannot (&self, _ ("its type is %s"), ckpt_dtype_get_name (known->dtype));

  global = ckpt_tree_peek_global (tree, ckpt_nodes_get_slot (self.nodes, self.node, CKPT_SLOT_CALLABLE));
  if (global != NULL && !change_call (&self, global->name, release))
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
  return TRUE;
}

/* Modules that have moved, and still can be found where they were: NumPy 2.0, Python 3.13. */
static const struct
{
  const char *now;
  const char *before;
} moved[] = {
  { "numpy._core.multiarray\n", "numpy.core.multiarray\n" },
  { "numpy._core.numeric\n", "numpy.core.numeric\n" },
  { "pathlib._local\n", "pathlib\n" },
};

/**
 * ckpt_older_change_name:
 * @draft: a draft
 * @object: a raw object
 * @is_changed: (out): whether it was written anew
 * @error: return location
 *
 * Returns: %FALSE with %CKPT_ERROR_LIMIT
 */
gboolean
ckpt_older_change_name (CkptDraft *draft, CkptNodeId object, gboolean *is_changed, GError **error)
{
  CkptNodes *nodes = ckpt_draft_get_nodes (draft);
  CkptNodeId callable = ckpt_nodes_get_slot (nodes, object, CKPT_SLOT_CALLABLE);
  const char *text;
  gsize length;

  if (callable == CKPT_NO_NODE || ckpt_nodes_get_kind (nodes, callable) != CKPT_KIND_GLOBAL)
    return TRUE;

  text = ckpt_nodes_get_text (nodes, callable, &length);
  for (gsize i = 0; i < G_N_ELEMENTS (moved); i++)
    if (g_str_has_prefix (text, moved[i].now))
      {
        g_autofree char *module = g_strndup (moved[i].before, strlen (moved[i].before) - 1);
        CkptNodeId with = ckpt_draft_add_global (draft, module, text + strlen (moved[i].now), error);

        *is_changed = TRUE;
        return with != CKPT_NO_NODE && ckpt_draft_set_slot (draft, object, CKPT_SLOT_CALLABLE, with, error);
      }
  return TRUE;
}
