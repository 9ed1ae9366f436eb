/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-overview-data.h"

#include "stateroom-format.h"

#include <string.h>

#define MAX_SCALARS 24

/* Longest class name in the loading code. */
#define MAX_CLASS_NAME 80

typedef struct
{
  StateroomOverviewData *data;
  GCancellable *cancellable;
} Walk;

/* What torch.load (weights_only=True) makes besides tensors: _get_allowed_globals() of torch/_weights_only_unpickler.py. */
static const char *const known_classes[] = {
  "collections.OrderedDict",
  "builtins.bytearray",
  "builtins.complex",
  "builtins.set",
  "collections.Counter",
  "torch.Size",
  "torch.device",
  "torch.dtype",
  "torch.qscheme",
  "torch.nn.parameter.Parameter",
  "torch.serialization._get_layout",
  NULL,
};

static void
free_scalar (gpointer data)
{
  StateroomScalar *scalar = data;

  g_free (scalar->name);
  g_free (scalar->value);
  g_free (scalar);
}

static char *
dup_value (CkptTree *tree, CkptNodeId node)
{
  const CkptTensor *tensor = ckpt_tree_get_node_tensor (tree, node);

  switch (ckpt_tree_get_kind (tree, node))
    {
    case CKPT_KIND_TENSOR:
      if (tensor == NULL || tensor->numel != 1 || ckpt_tensor_get_unreadable (tree, tensor) != NULL)
        return NULL;
      return ckpt_tensor_item_to_string (tree, tensor, 0, NULL);
    case CKPT_KIND_BOOL:
    case CKPT_KIND_INT:
    case CKPT_KIND_FLOAT:
    case CKPT_KIND_STRING:
      return ckpt_tree_describe (tree, node);
    case CKPT_KIND_NONE:
    case CKPT_KIND_BYTES:
    case CKPT_KIND_BYTEARRAY:
    case CKPT_KIND_LIST:
    case CKPT_KIND_TUPLE:
    case CKPT_KIND_DICT:
    case CKPT_KIND_SET:
    case CKPT_KIND_FROZENSET:
    case CKPT_KIND_GLOBAL:
    case CKPT_KIND_STORAGE:
    case CKPT_KIND_OBJECT:
    case CKPT_KIND_PERSISTENT_ID:
    default:
      return NULL;
    }
}

static void
find_scalars (StateroomOverviewData *data, CkptTree *tree, GCancellable *cancellable)
{
  CkptNodeId root = ckpt_tree_get_root (tree);
  guint32 n_children = ckpt_tree_get_n_children (tree, root);

  for (guint32 i = 0; i < n_children && !g_cancellable_is_cancelled (cancellable); i++)
    {
      g_autofree char *value = NULL;
      g_autofree char *name = NULL;
      StateroomScalar *scalar;
      CkptChild child;

      ckpt_tree_get_child (tree, root, i, &child);
      value = child.kind == CKPT_STEP_KEY ? dup_value (tree, child.node) : NULL;
      if (value == NULL)
        continue;
      if (data->scalars->len == MAX_SCALARS)
        {
          data->n_more_scalars++;
          continue;
        }
      name = ckpt_path_step_to_label (tree, &child);
      scalar = g_new0 (StateroomScalar, 1);
      scalar->name = stateroom_format_label (name);
      scalar->value = stateroom_format_label (value);
      g_ptr_array_add (data->scalars, scalar);
    }
}

/* The class of a value as PyTorch would look it up; NULL for what every pickle may hold. */
static const char *
get_class (CkptTree *tree, CkptNodeId node)
{
  CkptKind kind = ckpt_tree_get_kind (tree, node);
  const CkptTensor *tensor = ckpt_tree_get_node_tensor (tree, node);
  const char *name = ckpt_tree_get_class_name (tree, node);

  if (tensor != NULL)
    return g_str_equal (tensor->class_name, "Tensor") || g_str_equal (tensor->class_name, "Parameter")
               ? NULL
               : tensor->class_name;
  if (kind == CKPT_KIND_FROZENSET)
    return "builtins.frozenset";
  if (name == NULL && (kind == CKPT_KIND_OBJECT || kind == CKPT_KIND_GLOBAL))
    return "?";
  return name;
}

static gboolean
find_foreign (CkptTree *tree,
              const CkptPath *path,
              guint depth,
              const CkptChild *child,
              gboolean is_repeat,
              gpointer user_data)
{
  Walk *walk = user_data;
  const char *name;

  if (walk->data->refusal != NULL || g_cancellable_is_cancelled (walk->cancellable))
    return FALSE;
  name = get_class (tree, child->node);
  if (name != NULL && !g_strv_contains (known_classes, name))
    {
      g_autofree char *escaped = ckpt_text_escape (name, strlen (name), MAX_CLASS_NAME);

      walk->data->refusal = g_strdup_printf ("it names %s", escaped);
      return FALSE;
    }
  return TRUE;
}

/* Protocol 4 brought opcodes that the restricted unpickler does not know. */
static void
find_refusal (StateroomOverviewData *data, CkptTree *tree, GCancellable *cancellable)
{
  const char *protocol = ckpt_tree_get_fact (tree, "protocol");
  Walk walk = { data, cancellable };

  if (protocol != NULL && g_ascii_strtoull (protocol, NULL, 10) >= 4)
    data->refusal = g_strdup_printf ("it is pickled with protocol %s", protocol);
  else
    ckpt_tree_walk (tree, ckpt_tree_get_root (tree), find_foreign, &walk);
}

static void
run_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  CkptTree *tree = task_data;
  StateroomOverviewData *data = g_new0 (StateroomOverviewData, 1);

  data->summary = ckpt_summary_new (tree);
  data->waste = ckpt_waste_list (tree);
  data->scalars = g_ptr_array_new_with_free_func (free_scalar);
  find_scalars (data, tree, cancellable);
  find_refusal (data, tree, cancellable);
  g_task_return_pointer (task, data, (GDestroyNotify) stateroom_overview_data_free);
}

/**
 * stateroom_overview_data_load_async:
 * @cancellable: (nullable): to stop
 * @callback: called on this thread
 *
 * Looks through a file in a thread.
 */
void
stateroom_overview_data_load_async (CkptTree *tree,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_name (task, "overview of a file");
  g_task_set_task_data (task, ckpt_tree_ref (tree), (GDestroyNotify) ckpt_tree_unref);
  g_task_run_in_thread (task, run_in_thread);
}

/**
 * stateroom_overview_data_load_finish:
 *
 * Returns: (transfer full): what was found; %NULL with @error set if it was cancelled
 */
StateroomOverviewData *
stateroom_overview_data_load_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * stateroom_overview_data_free:
 * @self: (transfer full): data
 */
void
stateroom_overview_data_free (StateroomOverviewData *self)
{
  ckpt_summary_free (self->summary);
  g_ptr_array_unref (self->scalars);
  g_ptr_array_unref (self->waste);
  g_free (self->refusal);
  g_free (self);
}

static char *
dup_torch_code (StateroomOverviewData *self, const char *name)
{
  if (self->refusal == NULL)
    return g_strdup_printf ("import torch\n\n"
                            "ckpt = torch.load(%s, map_location=\"cpu\", weights_only=True)",
                            name);
  return g_strdup_printf ("import torch\n\n"
                          "# weights_only=True refuses this file: %s.\n"
                          "# weights_only=False runs what the file says: only for a file that you trust.\n"
                          "ckpt = torch.load(%s, map_location=\"cpu\", weights_only=False)",
                          self->refusal, name);
}

/**
 * stateroom_overview_data_dup_code:
 * @tree: the file that was looked through
 *
 * Returns: (transfer full) (nullable): Python that loads the file; %NULL where no one line does
 */
char *
stateroom_overview_data_dup_code (StateroomOverviewData *self, CkptTree *tree)
{
  g_autofree char *base = g_path_get_basename (ckpt_source_get_path (ckpt_tree_get_source (tree)));
  g_autofree char *name = ckpt_text_quote (base, strlen (base));

  switch (ckpt_tree_get_container (tree))
    {
    case CKPT_CONTAINER_TORCH_ZIP:
    case CKPT_CONTAINER_TORCH_LEGACY:
      return dup_torch_code (self, name);
    case CKPT_CONTAINER_SAFETENSORS:
      return g_strdup_printf ("from safetensors.torch import load_file\n\n"
                              "tensors = load_file(%s, device=\"cpu\")",
                              name);
    case CKPT_CONTAINER_TORCHSCRIPT:
      return g_strdup_printf ("import torch\n\n"
                              "module = torch.jit.load(%s, map_location=\"cpu\")",
                              name);
    case CKPT_CONTAINER_PT2:
      return g_strdup_printf ("import torch\n\n"
                              "program = torch.export.load(%s)",
                              name);
    case CKPT_CONTAINER_TAR:
    case CKPT_CONTAINER_PICKLE:
    case CKPT_CONTAINER_PACKAGE:
    default:
      return NULL;
    }
}
