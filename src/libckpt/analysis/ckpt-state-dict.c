/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "analysis/ckpt-state-dict.h"

#include "analysis/ckpt-module-classes.h"
#include "analysis/ckpt-module.h"
#include "io/ckpt-limits.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* A module whose submodules are being gone through. */
typedef struct
{
  CkptNodeId module;
  CkptNodeId children; /* its `_modules`, or CKPT_NO_NODE */
  CkptNodeId compiled; /* its only child, where it was made by torch.compile() */
  guint32 i;
  gsize prefix_len; /* of the module itself */
} Frame;

typedef struct
{
  CkptTree *tree;
  CkptStateDict *result;
  GHashTable *numbers; /* of entries, by key */
  GHashTable *open;    /* modules that are gone through */
  GArray *frames;      /* of Frame */
  GString *prefix;     /* "layer1.0." */
  guint64 n_bytes;     /* of all names, which shared modules can multiply */
} Walk;

static void
clear_entry (gpointer data)
{
  g_free (((CkptStateEntry *) data)->key);
}

static void
clear_module (gpointer data)
{
  g_free (((CkptStateModule *) data)->path);
}

/**
 * ckpt_state_dict_free:
 * @self: (transfer full) (nullable): a state dict
 */
void
ckpt_state_dict_free (CkptStateDict *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->entries);
  g_array_unref (self->modules);
  g_free (self);
}

static CkptStateDict *
state_dict_new_empty (void)
{
  CkptStateDict *self = g_new0 (CkptStateDict, 1);

  self->entries = g_array_new (FALSE, FALSE, sizeof (CkptStateEntry));
  self->modules = g_array_new (FALSE, FALSE, sizeof (CkptStateModule));
  g_array_set_clear_func (self->entries, clear_entry);
  g_array_set_clear_func (self->modules, clear_module);
  return self;
}

/* The prefix and a name; charged, as one module can hang in many places. */
static char *
make_name (Walk *self, const char *name, gsize length, GError **error)
{
  gsize n = self->prefix->len + length;
  char *text;

  self->n_bytes += n + sizeof (CkptStateModule);
  if (self->n_bytes > CKPT_LIMIT_STATE_DICT)
    {
      ckpt_error_set (error, CKPT_ERROR_LIMIT, "state-dict-too-large",
                      _ ("The state dict of this module would have names of more than %u MiB."),
                      (guint) (CKPT_LIMIT_STATE_DICT >> 20));
      return NULL;
    }

  text = g_malloc (n + 1);
  memcpy (text, self->prefix->str, self->prefix->len);
  memcpy (text + self->prefix->len, name, length);
  text[n] = '\0';
  return text;
}

/* A later pair of the same key takes the place of the former, as in a dict of Python. */
static gboolean
add_entry (Walk *self, const char *name, gsize length, CkptNodeId value, GError **error)
{
  CkptStateEntry entry = { make_name (self, name, length, error), value };
  gpointer number;

  if (entry.key == NULL)
    return FALSE;

  if (g_hash_table_lookup_extended (self->numbers, entry.key, NULL, &number))
    {
      g_array_index (self->result->entries, CkptStateEntry, GPOINTER_TO_UINT (number)).value = value;
      g_free (entry.key);
      return TRUE;
    }
  g_hash_table_insert (self->numbers, entry.key, GUINT_TO_POINTER (self->result->entries->len));
  g_array_append_val (self->result->entries, entry);
  return TRUE;
}

/* The name of a pair; NULL of what is no text, which no module of PyTorch has. */
static const char *
get_name (CkptTree *tree, const CkptChild *child, gsize *length)
{
  guint64 full_length;
  const char *name;

  if (child->kind != CKPT_STEP_KEY || ckpt_tree_get_kind (tree, child->key) != CKPT_KIND_STRING)
    return NULL;

  name = ckpt_tree_peek_text (tree, child->key, length, &full_length);
  return *length == full_length && memchr (name, '\0', *length) == NULL ? name : NULL;
}

/* The names of buffers that are not persistent; NULL if there are none. */
static GHashTable *
list_omitted (CkptTree *tree, CkptNodeId module)
{
  CkptNodeId set = ckpt_module_get_attribute (tree, module, "_non_persistent_buffers_set");
  guint32 n = set == CKPT_NO_NODE ? 0 : ckpt_tree_get_n_children (tree, set);
  GHashTable *omitted = n > 0 ? g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL) : NULL;

  for (guint32 i = 0; i < n; i++)
    {
      gsize length;
      CkptChild child;

      ckpt_tree_get_child (tree, set, i, &child);
      if (ckpt_tree_get_kind (tree, child.node) == CKPT_KIND_STRING)
        g_hash_table_add (omitted, g_strdup (ckpt_tree_peek_text (tree, child.node, &length, NULL)));
    }
  return omitted;
}

/* What is None is left out. */
static gboolean
add_tensors (Walk *self, CkptNodeId dict, GHashTable *omitted, GError **error)
{
  guint32 n = dict != CKPT_NO_NODE ? ckpt_tree_get_n_children (self->tree, dict) : 0;

  for (guint32 i = 0; i < n; i++)
    {
      CkptChild child;
      const char *name;
      gsize length;

      ckpt_tree_get_child (self->tree, dict, i, &child);
      name = get_name (self->tree, &child, &length);
      if (name == NULL || ckpt_tree_get_kind (self->tree, child.node) == CKPT_KIND_NONE ||
          (omitted != NULL && g_hash_table_contains (omitted, name)))
        continue;
      if (!add_entry (self, name, length, child.node, error))
        return FALSE;
    }
  return TRUE;
}

/* As Module._save_to_state_dict() does it. */
static gboolean
add_own (Walk *self, CkptNodeId module, GError **error)
{
  g_autoptr (GHashTable) omitted = list_omitted (self->tree, module);

  return add_tensors (self, ckpt_module_get_dict (self->tree, module, "_parameters"), NULL, error) &&
         add_tensors (self, ckpt_module_get_dict (self->tree, module, "_buffers"), omitted, error);
}

static gboolean
has_hooks (CkptTree *tree, CkptNodeId module)
{
  static const char *const dicts[] = { "_state_dict_hooks", "_state_dict_pre_hooks" };

  for (gsize i = 0; i < G_N_ELEMENTS (dicts); i++)
    {
      CkptNodeId dict = ckpt_module_get_dict (tree, module, dicts[i]);

      if (dict != CKPT_NO_NODE && ckpt_tree_get_n_children (tree, dict) > 0)
        return TRUE;
    }
  return FALSE;
}

/* The prefix ends with the name of @module and a dot, if it is not the outermost. */
static gboolean
enter (Walk *self, CkptNodeId module, gsize prefix_len, GError **error)
{
  Frame frame = {
    module,
    ckpt_module_get_dict (self->tree, module, "_modules"),
    ckpt_module_get_compiled (self->tree, module),
    0,
    prefix_len,
  };
  CkptStateModule row = { NULL, module };

  if (!g_hash_table_add (self->open, GUINT_TO_POINTER (module)))
    return ckpt_error_set (error, CKPT_ERROR_INVALID_EDIT, "module-in-itself",
                           _ ("A module contains itself, so that it has no state dict."));

  row.path = make_name (self, "", 0, error);
  if (row.path == NULL)
    return FALSE;
  if (self->prefix->len > 0)
    row.path[self->prefix->len - 1] = '\0';
  row.class = ckpt_module_class_find (ckpt_tree_get_class_name (self->tree, module));
  row.has_hooks = has_hooks (self->tree, module);
  g_array_append_val (self->result->modules, row);
  g_array_append_val (self->frames, frame);
  return add_own (self, module, error);
}

static guint32
count_children (Walk *self, const Frame *frame)
{
  if (frame->compiled != CKPT_NO_NODE)
    return 1;
  return frame->children != CKPT_NO_NODE ? ckpt_tree_get_n_children (self->tree, frame->children) : 0;
}

static gboolean
enter_child (Walk *self, CkptNodeId module, const char *name, gsize length, GError **error)
{
  gsize prefix_len = self->prefix->len;

  g_string_append_len (self->prefix, name, length);
  g_string_append_c (self->prefix, '.');
  return enter (self, module, prefix_len, error);
}

/* What is in `_modules` but is none, such as a script module, has no state dict that could be known. */
static gboolean
step (Walk *self, GError **error)
{
  Frame *frame = &g_array_index (self->frames, Frame, self->frames->len - 1);
  CkptChild child;
  const char *name;
  gsize length;

  if (frame->i == count_children (self, frame))
    {
      g_hash_table_remove (self->open, GUINT_TO_POINTER (frame->module));
      g_string_truncate (self->prefix, frame->prefix_len);
      g_array_set_size (self->frames, self->frames->len - 1);
      return TRUE;
    }

  if (frame->compiled != CKPT_NO_NODE)
    {
      frame->i++;
      return enter_child (self, frame->compiled, "_orig_mod", strlen ("_orig_mod"), error);
    }
  ckpt_tree_get_child (self->tree, frame->children, frame->i++, &child);
  name = get_name (self->tree, &child, &length);
  if (name == NULL || !ckpt_module_check (self->tree, child.node))
    return TRUE;
  return enter_child (self, child.node, name, length, error);
}

/**
 * ckpt_state_dict_new:
 * @tree: a tree
 * @module: a module of it
 * @error: return location
 *
 * By the rules of Module.state_dict() in torch/nn/modules/module.py: parameters, then buffers, then submodules, each in the order in which
 * they were added. A module that hangs in two places is in the state dict twice.
 *
 * Returns: (transfer full): what state_dict() gives; %NULL with %CKPT_ERROR_INVALID_EDIT if a module contains itself, or
 *   %CKPT_ERROR_LIMIT
 */
CkptStateDict *
ckpt_state_dict_new (CkptTree *tree, CkptNodeId module, GError **error)
{
  g_autoptr (CkptStateDict) result = state_dict_new_empty ();
  g_autoptr (GHashTable) numbers = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) open = g_hash_table_new (NULL, NULL);
  g_autoptr (GArray) frames = g_array_new (FALSE, FALSE, sizeof (Frame));
  g_autoptr (GString) prefix = g_string_new (NULL);
  Walk walk = { tree, result, numbers, open, frames, prefix };

  if (!enter (&walk, module, 0, error))
    return NULL;
  while (frames->len > 0)
    if (!step (&walk, error))
      return NULL;
  return g_steal_pointer (&result);
}

/**
 * ckpt_state_entry_get_tensor:
 * @self: a pair
 * @tree: the tree that it is of
 *
 * Module._save_to_state_dict() detaches parameters: what is left is the tensor that they were made of.
 *
 * Returns: the tensor, or the value itself if it is no parameter
 */
CkptNodeId
ckpt_state_entry_get_tensor (const CkptStateEntry *self, CkptTree *tree)
{
  const CkptTensor *tensor = ckpt_tree_get_node_tensor (tree, self->value);

  if (tensor == NULL || (tensor->flags & CKPT_TENSOR_PARAMETER) == 0 || tensor->inner == CKPT_NO_TENSOR)
    return self->value;
  return ckpt_tree_get_tensor (tree, tensor->inner)->node;
}

/**
 * ckpt_state_module_get_version:
 * @self: a module
 * @version: (out): the `_version` of its class
 *
 * Returns: %FALSE if it is not known: the class is none of PyTorch's own, or a hook may write what it wants
 */
gboolean
ckpt_state_module_get_version (const CkptStateModule *self, guint *version)
{
  if (self->class == NULL || self->class->version == 0 || self->has_hooks)
    return FALSE;

  *version = self->class->version;
  return TRUE;
}

/**
 * ckpt_state_dict_list_doubts:
 * @self: a state dict
 *
 * Returns: (transfer full) (element-type utf8): sentences, none if it is exact
 */
GPtrArray *
ckpt_state_dict_list_doubts (CkptStateDict *self)
{
  g_autoptr (GHashTable) met = g_hash_table_new (NULL, NULL);
  GPtrArray *doubts = g_ptr_array_new_with_free_func (g_free);
  guint n_foreign = 0, n_own_ways = 0, n_hooks = 0;

  for (guint i = 0; i < self->modules->len; i++)
    {
      const CkptStateModule *row = &g_array_index (self->modules, CkptStateModule, i);

      if (!g_hash_table_add (met, GUINT_TO_POINTER (row->module)))
        continue;
      n_foreign += row->class == NULL;
      n_own_ways += row->class != NULL && row->class->ways != 0;
      n_hooks += row->has_hooks;
    }

  if (n_foreign > 0)
    g_ptr_array_add (
        doubts,
        g_strdup_printf (
            ngettext (
                "%u module of a class outside torch: its own state_dict, get_extra_state, _version or hooks, if any, are not in the file",
                "%u modules of classes outside torch: their own state_dict, get_extra_state, _version or hooks, if any, are not in the file",
                n_foreign),
            n_foreign));
  if (n_own_ways > 0)
    g_ptr_array_add (
        doubts,
        g_strdup_printf (
            ngettext (
                "%u module of a class of torch that writes its state dict in its own way, as quantized ones do: what it adds is not here",
                "%u modules of classes of torch that write their state dict in their own way, as quantized ones do: what they add is not here",
                n_own_ways),
            n_own_ways));
  if (n_hooks > 0)
    g_ptr_array_add (
        doubts,
        g_strdup_printf (
            ngettext (
                "%u module has _state_dict_hooks, which may change what state_dict() gives and were not run",
                "%u modules have _state_dict_hooks, which may change what state_dict() gives and were not run",
                n_hooks),
            n_hooks));
  return doubts;
}
