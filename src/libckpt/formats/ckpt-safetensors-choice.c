/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "formats/ckpt-safetensors-writer.h"

#include "model/ckpt-text.h"
#include "model/ckpt-values.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* A safetensors file is a list of named tensors, of types that it knows, each with elements of its own, and texts about them. What a
 * checkpoint has beside that is explained, and left out if that is wanted. */

#define METADATA_KEY "__metadata__"
#define MAX_NAMED    5
#define MAX_SHOWN    60

/* Why something has no place. */
typedef enum
{
  REASON_NO_TENSOR,
  REASON_NO_NAME,
  REASON_TYPE,
  REASON_LAYOUT,
  REASON_UNREADABLE,
  REASON_TIED,
  N_REASONS,
} Reason;

/**
 * Choice:
 * @left_out: (element-type utf8): for each reason the names of what has no place, shown to a person
 * @by_tie: number of a tensor, plus 1 -> number of the entry with the same elements, plus 1
 */
typedef struct
{
  CkptSafetensorsWriter *writer;
  CkptTree *tree;
  GPtrArray *left_out[N_REASONS];
  GHashTable *by_tie;
} Choice;

static char *
make_sentence (Reason reason, guint n, const char *names)
{
  switch (reason)
    {
    case REASON_NO_TENSOR:
      return g_strdup_printf (
          g_dngettext (GETTEXT_PACKAGE, "%u value is no tensor: %s.", "%u values are no tensors: %s.", n), n,
          names);
    case REASON_NO_NAME:
      return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u tensor has a key that is no text: %s.",
                                           "%u tensors have keys that are no text: %s.", n),
                              n, names);
    case REASON_TYPE:
      return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                           "%u tensor is of a type that safetensors does not have: %s.",
                                           "%u tensors are of types that safetensors does not have: %s.", n),
                              n, names);
    case REASON_LAYOUT:
      return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                           "%u tensor is sparse, nested or has no values: %s.",
                                           "%u tensors are sparse, nested or have no values: %s.", n),
                              n, names);
    case REASON_UNREADABLE:
      return g_strdup_printf (
          g_dngettext (GETTEXT_PACKAGE, "%u tensor cannot be read: %s.", "%u tensors cannot be read: %s.", n),
          n, names);
    case REASON_TIED:
    case N_REASONS:
    default:
      return g_strdup_printf (
          g_dngettext (GETTEXT_PACKAGE,
                       "%u tensor has the same elements as another one, whose name is kept: %s.",
                       "%u tensors have the same elements as others, whose names are kept: %s.", n),
          n, names);
    }
}

static char *
list_names (GPtrArray *names)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < MIN (names->len, MAX_NAMED); i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", (const char *) names->pdata[i]);
  if (names->len > MAX_NAMED)
    g_string_append (text, ", …");
  return g_string_free_and_steal (text);
}

static void
leave_out (Choice *self, Reason reason, const char *name)
{
  if (self->left_out[reason] == NULL)
    self->left_out[reason] = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (self->left_out[reason], ckpt_text_escape (name, strlen (name), MAX_SHOWN));
}

static const char *
keep_text (Choice *self, const char *text, gsize length)
{
  return g_string_chunk_insert_len (self->writer->plan->names, text, length);
}

/* A key as a name, or NULL if it cannot be one. */
static const char *
get_text (Choice *self, CkptNodeId node)
{
  gsize length;
  guint64 full_length;
  const char *text;

  if (ckpt_tree_get_kind (self->tree, node) != CKPT_KIND_STRING)
    return NULL;
  text = ckpt_tree_peek_text (self->tree, node, &length, &full_length);
  if (length != full_length || !g_utf8_validate_len (text, length, NULL))
    return NULL;
  return keep_text (self, text, length);
}

static void
add_fact (Choice *self, const char *name, const char *value)
{
  const CkptSafetensorsFact fact = { name, value };

  g_array_append_val (self->writer->metadata, fact);
  self->writer->has_metadata = TRUE;
}

static void
add_metadata (Choice *self, CkptNodeId dict)
{
  self->writer->has_metadata = TRUE;
  for (guint32 i = 0; i < ckpt_tree_get_n_children (self->tree, dict); i++)
    {
      const char *name, *value;
      CkptChild child;

      ckpt_tree_get_child (self->tree, dict, i, &child);
      name = child.kind == CKPT_STEP_KEY ? get_text (self, child.key) : NULL;
      value = get_text (self, child.node);
      if (name != NULL && value != NULL)
        add_fact (self, name, value);
      else
        leave_out (self, REASON_NO_TENSOR, METADATA_KEY);
    }
}

static Reason
find_reason (Choice *self, const CkptTensor *tensor, CkptSafetensorsEntry *entry)
{
  if (tensor->layout != CKPT_LAYOUT_STRIDED || (tensor->flags & CKPT_TENSOR_META) != 0 ||
      (tensor->storage == CKPT_NO_STORAGE && (tensor->flags & CKPT_TENSOR_BROKEN) == 0))
    return REASON_LAYOUT;
  entry->dtype = ckpt_dtype_to_safetensors (tensor->dtype, &entry->rank);
  if (entry->dtype == NULL)
    return REASON_TYPE;
  return ckpt_tensor_get_unreadable (self->tree, tensor) != NULL ? REASON_UNREADABLE : N_REASONS;
}

/* Of tensors that are the same, the one whose name comes first stays, as safetensors.torch.save_model() has it; the metadata says which
 * names it stands for. */
static void
add_tied (Choice *self, CkptSafetensorsEntry *kept, const CkptSafetensorsEntry *entry)
{
  const char *removed = entry->name;

  if (strcmp (entry->name, kept->name) < 0)
    {
      removed = kept->name;
      kept->name = entry->name;
    }
  leave_out (self, REASON_TIED, removed);
  add_fact (self, removed, kept->name);
}

static void
add_entry (Choice *self, CkptSafetensorsEntry *entry)
{
  guint first = ckpt_tree_get_first_tied (self->tree, entry->tensor)->index;
  guint known = GPOINTER_TO_UINT (g_hash_table_lookup (self->by_tie, GUINT_TO_POINTER (first + 1)));

  if (known != 0)
    {
      add_tied (self, &g_array_index (self->writer->entries, CkptSafetensorsEntry, known - 1), entry);
      return;
    }
  g_array_append_val (self->writer->entries, *entry);
  g_hash_table_insert (self->by_tie, GUINT_TO_POINTER (first + 1),
                       GUINT_TO_POINTER (self->writer->entries->len));
}

static void
add_tensor (Choice *self, const char *name, const char *shown, const CkptTensor *tensor)
{
  CkptSafetensorsEntry entry = { .name = name, .tensor = tensor };
  Reason reason = find_reason (self, tensor, &entry);

  if (name == NULL || strcmp (name, METADATA_KEY) == 0)
    leave_out (self, REASON_NO_NAME, shown);
  else if (reason != N_REASONS)
    leave_out (self, reason, shown);
  else
    add_entry (self, &entry);
}

static void
add_child (Choice *self, const CkptChild *child)
{
  const CkptTensor *tensor = ckpt_tree_get_node_tensor (self->tree, child->node);
  const char *name = child->kind == CKPT_STEP_KEY ? get_text (self, child->key) : NULL;
  g_autofree char *shown = child->key != CKPT_NO_NODE ? ckpt_tree_describe (self->tree, child->key)
                                                      : g_strdup_printf ("%u", child->index);

  if (name != NULL && strcmp (name, METADATA_KEY) == 0 && tensor == NULL &&
      ckpt_tree_get_container (self->writer->plan->origin) == CKPT_CONTAINER_SAFETENSORS)
    add_metadata (self, child->node);
  else if (tensor != NULL)
    add_tensor (self, name, name != NULL ? name : shown, tensor);
  else
    leave_out (self, REASON_NO_TENSOR, name != NULL ? name : shown);
}

/* The facts about tied names were made when the kept name could still change. */
static void
settle_ties (Choice *self)
{
  GArray *facts = self->writer->metadata;
  g_autoptr (GHashTable) kept = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < facts->len; i++)
    g_hash_table_insert (kept, (gpointer) g_array_index (facts, CkptSafetensorsFact, i).name,
                         (gpointer) g_array_index (facts, CkptSafetensorsFact, i).value);
  for (guint i = 0; self->left_out[REASON_TIED] != NULL && i < facts->len; i++)
    {
      CkptSafetensorsFact *fact = &g_array_index (facts, CkptSafetensorsFact, i);
      const char *next;

      /* Each step leads to a name that comes before. */
      while ((next = g_hash_table_lookup (kept, fact->value)) != NULL && strcmp (next, fact->value) < 0)
        fact->value = next;
    }
}

static gboolean
tell (Choice *self, GError **error)
{
  CkptPlan *plan = self->writer->plan;
  g_autoptr (GString) sentences = g_string_new (NULL);

  for (guint reason = 0; reason < N_REASONS; reason++)
    {
      g_autofree char *names = NULL;
      g_autofree char *sentence = NULL;
      guint n = self->left_out[reason] != NULL ? self->left_out[reason]->len : 0;

      if (n == 0)
        continue;
      names = list_names (self->left_out[reason]);
      sentence = make_sentence (reason, n, names);
      g_string_append_printf (sentences, " %s", sentence);
      if (plan->options.leaves_out)
        ckpt_plan_add_note (plan, _ ("Left out: %s"), sentence);
    }
  if (sentences->len == 0 || plan->options.leaves_out)
    return TRUE;
  return ckpt_error_set (error, CKPT_ERROR_UNSUPPORTED, "safetensors-no-place",
                         _ ("safetensors has no place for all of this.%s"), sentences->str);
}

/**
 * ckpt_safetensors_writer_choose:
 * @self: a file that is being planned
 * @error: return location
 *
 * Lists the tensors of the root.
 *
 * Returns: FALSE with %CKPT_ERROR_UNSUPPORTED if something has no place in the file and is not to be left out
 */
gboolean
ckpt_safetensors_writer_choose (CkptSafetensorsWriter *self, GError **error)
{
  CkptTree *tree = self->plan->tree;
  CkptNodeId root = ckpt_tree_get_root (tree);
  Choice choice = { .writer = self, .tree = tree };
  gboolean is_told;

  if (ckpt_tree_get_kind (tree, root) != CKPT_KIND_DICT)
    return ckpt_error_set (error, CKPT_ERROR_UNSUPPORTED, "safetensors-no-dict",
                           _ ("safetensors holds named tensors only, and this file is no dict of them."));

  choice.by_tie = g_hash_table_new (NULL, NULL);
  if (ckpt_tree_get_container (self->plan->origin) != CKPT_CONTAINER_SAFETENSORS)
    add_fact (&choice, "format", "pt");
  for (guint32 i = 0; i < ckpt_tree_get_n_children (tree, root); i++)
    {
      CkptChild child;

      ckpt_tree_get_child (tree, root, i, &child);
      add_child (&choice, &child);
    }
  settle_ties (&choice);
  is_told = tell (&choice, error);
  for (guint reason = 0; reason < N_REASONS; reason++)
    g_clear_pointer (&choice.left_out[reason], g_ptr_array_unref);
  g_hash_table_unref (choice.by_tie);
  return is_told;
}
