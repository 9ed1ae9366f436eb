/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/ckpt-tree-data.h"

#include "io/ckpt-hash.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static void
fact_clear (gpointer data)
{
  CkptFact *fact = data;

  g_free (fact->name);
  g_free (fact->value);
}

/**
 * ckpt_tree_new:
 * @archive: where the bytes of storages and long texts are read from
 *
 * Returns: (transfer full): a tree without a root, to be filled
 */
CkptTree *
ckpt_tree_new (CkptArchive *archive)
{
  CkptTree *self = g_new0 (CkptTree, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->archive = ckpt_archive_ref (archive);
  self->nodes = ckpt_nodes_new ();
  self->warnings = ckpt_warnings_new ();
  self->root = CKPT_NO_NODE;
  self->facts = g_array_new (FALSE, FALSE, sizeof (CkptFact));
  g_array_set_clear_func (self->facts, fact_clear);

  self->arena = ckpt_arena_new (self->nodes);
  self->strings = ckpt_chunks_new (self->nodes, sizeof (const char *));
  self->string_index = ckpt_index_new ();
  self->globals = ckpt_chunks_new (self->nodes, sizeof (CkptGlobal));
  self->global_index = ckpt_index_new ();
  self->storages = ckpt_chunks_new (self->nodes, sizeof (CkptStorage));
  self->storage_index = ckpt_index_new ();
  self->tensors = ckpt_chunks_new (self->nodes, sizeof (CkptTensor));
  self->views = ckpt_chunks_new (self->nodes, sizeof (CkptView));
  self->values = ckpt_chunks_new (self->nodes, sizeof (CkptValue));
  return self;
}

static void
tree_free (CkptTree *self)
{
  if (self->store != NULL)
    {
      ckpt_tree_free_version (self);
      return;
    }

  ckpt_chunks_free (self->values);
  ckpt_chunks_free (self->views);
  ckpt_chunks_free (self->tensors);
  ckpt_index_free (self->storage_index);
  ckpt_chunks_free (self->storages);
  ckpt_index_free (self->global_index);
  ckpt_chunks_free (self->globals);
  ckpt_index_free (self->string_index);
  ckpt_chunks_free (self->strings);
  ckpt_arena_free (self->arena);

  g_array_unref (self->facts);
  g_free (self->kind_of_file);
  ckpt_warnings_free (self->warnings);
  ckpt_nodes_free (self->nodes);
  ckpt_archive_unref (self->archive);
  g_free (self);
}

/**
 * ckpt_tree_ref:
 * @self: a tree
 *
 * May be called on any thread.
 *
 * Returns: (transfer full): the same tree
 */
CkptTree *
ckpt_tree_ref (CkptTree *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * ckpt_tree_unref:
 * @self: (transfer full): a tree
 *
 * May be called on any thread.
 */
void
ckpt_tree_unref (CkptTree *self)
{
  g_return_if_fail (self != NULL);

  if (g_atomic_ref_count_dec (&self->ref_count))
    tree_free (self);
}

/**
 * ckpt_tree_get_archive:
 * @self: a tree
 *
 * Returns: (transfer none): the records of the file
 */
CkptArchive *
ckpt_tree_get_archive (CkptTree *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->archive;
}

/**
 * ckpt_tree_get_source:
 * @self: a tree
 *
 * Returns: (transfer none): the file
 */
CkptSource *
ckpt_tree_get_source (CkptTree *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return ckpt_archive_get_source (self->archive);
}

/**
 * ckpt_tree_get_container:
 * @self: a tree
 *
 * Returns: what kind of file it is
 */
CkptContainer
ckpt_tree_get_container (CkptTree *self)
{
  g_return_val_if_fail (self != NULL, CKPT_CONTAINER_PICKLE);

  return self->container;
}

/**
 * ckpt_tree_get_kind_of_file:
 * @self: a tree
 *
 * Returns: (transfer none): the same in words for a person
 */
const char *
ckpt_tree_get_kind_of_file (CkptTree *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->kind_of_file != NULL ? self->kind_of_file : "";
}

/**
 * ckpt_tree_is_cut:
 * @self: a tree
 *
 * Returns: whether the file ends before what it announces
 */
gboolean
ckpt_tree_is_cut (CkptTree *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->is_cut;
}

/**
 * ckpt_tree_get_fact:
 * @self: a tree
 * @name: name of a fact, such as "byteorder"
 *
 * Returns: (transfer none) (nullable): what the container says, as in the file
 */
const char *
ckpt_tree_get_fact (CkptTree *self, const char *name)
{
  g_return_val_if_fail (self != NULL && name != NULL, NULL);

  for (guint i = 0; i < self->facts->len; i++)
    {
      const CkptFact *fact = &g_array_index (self->facts, CkptFact, i);

      if (strcmp (fact->name, name) == 0)
        return fact->value;
    }
  return NULL;
}

/**
 * ckpt_tree_get_facts:
 * @self: a tree
 * @n_facts: (out): how many
 *
 * Returns: (array length=n_facts) (transfer none): everything that the container says about itself
 */
const CkptFact *
ckpt_tree_get_facts (CkptTree *self, guint *n_facts)
{
  g_return_val_if_fail (self != NULL && n_facts != NULL, NULL);

  *n_facts = self->facts->len;
  return (const CkptFact *) (gconstpointer) self->facts->data;
}

/**
 * ckpt_tree_get_n_warnings:
 * @self: a tree
 *
 * Returns: warnings; a good file has none
 */
guint
ckpt_tree_get_n_warnings (CkptTree *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return ckpt_warnings_get_n (self->warnings);
}

/**
 * ckpt_tree_get_warning:
 * @self: a tree
 * @i: which one
 *
 * Returns: (transfer none): a warning
 */
const CkptWarning *
ckpt_tree_get_warning (CkptTree *self, guint i)
{
  g_return_val_if_fail (self != NULL && i < ckpt_tree_get_n_warnings (self), NULL);

  return ckpt_warnings_get (self->warnings, i);
}

/**
 * ckpt_tree_get_root:
 * @self: a tree
 *
 * Returns: the value that the file holds; %CKPT_NO_NODE if it holds none
 */
CkptNodeId
ckpt_tree_get_root (CkptTree *self)
{
  g_return_val_if_fail (self != NULL, CKPT_NO_NODE);

  return self->root;
}

/**
 * ckpt_tree_get_nodes:
 * @self: a tree
 *
 * Returns: (transfer none): its raw values
 */
CkptNodes *
ckpt_tree_get_nodes (CkptTree *self)
{
  return self->nodes;
}

/**
 * ckpt_tree_get_warnings:
 * @self: a tree
 *
 * Returns: (transfer none): the list to add warnings to
 */
CkptWarnings *
ckpt_tree_get_warnings (CkptTree *self)
{
  return self->warnings;
}

/**
 * ckpt_tree_set_root:
 * @self: a tree that is being filled
 * @root: the value that the file holds
 */
void
ckpt_tree_set_root (CkptTree *self, CkptNodeId root)
{
  self->root = root;
}

/**
 * ckpt_tree_set_container:
 * @self: a tree that is being filled
 * @container: what kind of file it is
 * @kind_of_file: the same in words
 */
void
ckpt_tree_set_container (CkptTree *self, CkptContainer container, const char *kind_of_file)
{
  self->container = container;
  g_set_str (&self->kind_of_file, kind_of_file);
}

/**
 * ckpt_tree_set_cut:
 * @self: a tree that is being filled
 *
 * Marks it as read from a file that ends too early.
 */
void
ckpt_tree_set_cut (CkptTree *self)
{
  self->is_cut = TRUE;
}

/**
 * ckpt_tree_add_fact:
 * @self: a tree that is being filled
 * @name: stable name
 * @value: text as in the file
 */
void
ckpt_tree_add_fact (CkptTree *self, const char *name, const char *value)
{
  CkptFact fact = { g_strdup (name), g_strdup (value) };

  g_array_append_val (self->facts, fact);
}

/**
 * ckpt_tree_copy:
 * @self: a tree that is being filled
 * @bytes: (array length=n_bytes): what to copy
 * @n_bytes: how much
 * @error: return location
 *
 * Returns: (transfer none): a copy that lives as long as the tree; %NULL with %CKPT_ERROR_LIMIT
 */
gpointer
ckpt_tree_copy (CkptTree *self, gconstpointer bytes, gsize n_bytes, GError **error)
{
  gpointer copy = ckpt_arena_alloc (self->arena, MAX (n_bytes, 1), error);

  if (copy != NULL && n_bytes > 0)
    memcpy (copy, bytes, n_bytes);
  return copy;
}

static gboolean
is_same_string (guint32 number, gconstpointer key, gpointer user_data)
{
  CkptTree *self = user_data;

  return strcmp (*(const char **) ckpt_chunks_get (self->strings, number), key) == 0;
}

static const char *
add_string (CkptTree *self, const char *text, guint32 hash)
{
  const char *copy = ckpt_tree_copy (self, text, strlen (text) + 1, NULL);
  const char **slot = copy != NULL ? ckpt_chunks_add (self->strings, NULL) : NULL;

  if (slot == NULL)
    return NULL;

  *slot = copy;
  if (self->store != NULL)
    return copy;
  return ckpt_index_add (self->string_index, hash, ckpt_chunks_get_n (self->strings) - 1, NULL) ? copy : NULL;
}

/**
 * ckpt_tree_intern:
 * @self: a tree that is being filled
 * @text: a text
 *
 * Returns: (transfer none): the one copy of @text that lives as long as the tree; an ellipsis where there is no memory for it,
 *   which ckpt_tree_finish() tells
 */
const char *
ckpt_tree_intern (CkptTree *self, const char *text)
{
  guint32 hash = ckpt_str_hash (text);
  guint32 number;
  const char *copy;

  if (ckpt_index_find (self->string_index, hash, is_same_string, text, self, &number))
    return *(const char **) ckpt_chunks_get (self->strings, number);

  for (number = self->n_base_strings; self->store != NULL && number < ckpt_chunks_get_n (self->strings);
       number++)
    if (is_same_string (number, text, self))
      return *(const char **) ckpt_chunks_get (self->strings, number);

  copy = add_string (self, text, hash);
  self->is_short_of_memory |= copy == NULL;
  return copy != NULL ? copy : "…";
}
