/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "edit/ckpt-loading-code.h"

#include "analysis/ckpt-module.h"
#include "analysis/ckpt-weights-only.h"
#include "model/ckpt-path.h"
#include "model/ckpt-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Children of a value that are looked at for what kind of value it is. */
#define MAX_LOOKED_AT 1000

/* Whether a value is a dict with a tensor in it. */
static gboolean
holds_tensors (CkptTree *tree, CkptNodeId node)
{
  guint32 n = ckpt_tree_get_kind (tree, node) == CKPT_KIND_DICT ? ckpt_tree_get_n_children (tree, node) : 0;

  for (guint32 i = 0; i < MIN (n, MAX_LOOKED_AT); i++)
    {
      CkptChild child;

      ckpt_tree_get_child (tree, node, i, &child);
      if (ckpt_tree_get_kind (tree, child.node) == CKPT_KIND_TENSOR)
        return TRUE;
    }
  return FALSE;
}

/* Where the weights are in the root dict, as `["model"]`; "" if it is the state dict itself; NULL if that cannot be told. */
static char *
find_weights (CkptTree *tree)
{
  CkptNodeId root = ckpt_tree_get_root (tree);
  guint32 n = ckpt_tree_get_kind (tree, root) == CKPT_KIND_DICT ? ckpt_tree_get_n_children (tree, root) : 0;

  if (holds_tensors (tree, root))
    return g_strdup ("");

  for (guint32 i = 0; i < MIN (n, MAX_LOOKED_AT); i++)
    {
      g_autoptr (CkptPath) path = ckpt_path_new ();
      CkptChild child;

      ckpt_tree_get_child (tree, root, i, &child);
      if (!holds_tensors (tree, child.node))
        continue;
      ckpt_path_push (path, &child);
      return ckpt_path_to_string (path, tree);
    }
  return NULL;
}

/* Whether torch.load (weights_only=True) takes it. Of safetensors and tar, tensors are written by calls that it takes. */
static gboolean
is_weights_only (CkptTree *tree)
{
  CkptContainer container = ckpt_tree_get_container (tree);
  g_autoptr (GPtrArray) refused = NULL;

  if (container == CKPT_CONTAINER_SAFETENSORS || container == CKPT_CONTAINER_TAR)
    return TRUE;

  refused = ckpt_weights_only_list (tree, ckpt_tree_get_root (tree));
  return refused->len == 0;
}

/* The arguments of torch.load(). `weights_only` came with 1.13, and is the default since 2.6. */
static const char *
get_arguments (gboolean is_safe, CkptReadsIn reads_in)
{
  if (reads_in != CKPT_READS_IN_ANY)
    return "";
  return is_safe ? ", weights_only=True" : ", weights_only=False";
}

static void
append_warning (GString *code, CkptReadsIn reads_in)
{
  g_string_append_printf (code, "# %s\n",
                          _ ("Loading runs what the file names: only for files that you trust."));
  if (reads_in != CKPT_READS_IN_ANY)
    g_string_append_printf (code, "# %s\n", _ ("PyTorch 2.6 and newer need weights_only=False, too."));
}

static void
append_load (GString *code, CkptTree *tree, CkptReadsIn reads_in, const char *file)
{
  gboolean is_safe = is_weights_only (tree);
  const char *arguments = get_arguments (is_safe, reads_in);
  g_autofree char *weights = find_weights (tree);

  g_string_append (code, "import torch\n\n");
  if (!is_safe)
    append_warning (code, reads_in);
  if (ckpt_module_check (tree, ckpt_tree_get_root (tree)))
    g_string_append_printf (code, "model = torch.load(%s%s)\nmodel.eval()\n", file, arguments);
  else if (weights == NULL)
    g_string_append_printf (code, "checkpoint = torch.load(%s%s)\n", file, arguments);
  else if (*weights == '\0')
    g_string_append_printf (code, "state_dict = torch.load(%s%s)\nmodel.load_state_dict(state_dict)\n", file,
                            arguments);
  else
    g_string_append_printf (code, "checkpoint = torch.load(%s%s)\nmodel.load_state_dict(checkpoint%s)\n",
                            file, arguments, weights);
}

/**
 * ckpt_loading_code_new:
 * @tree: what is in the file
 * @container: what it is written as
 * @reads_in: which PyTorch is to load it
 * @path: (type filename): its name, as the code is to say it
 *
 * Returns: (transfer full): the lines of Python that load it, for a person to copy
 */
char *
ckpt_loading_code_new (CkptTree *tree, CkptContainer container, CkptReadsIn reads_in, const char *path)
{
  g_autofree char *file = ckpt_text_quote (path, strlen (path));
  GString *code = g_string_new (NULL);

  g_return_val_if_fail (tree != NULL && path != NULL, NULL);

  if (container == CKPT_CONTAINER_SAFETENSORS)
    g_string_append_printf (code,
                            "from safetensors.torch import load_file\n\n"
                            "state_dict = load_file(%s)\nmodel.load_state_dict(state_dict)\n",
                            file);
  else
    append_load (code, tree, reads_in, file);
  return g_string_free_and_steal (code);
}
