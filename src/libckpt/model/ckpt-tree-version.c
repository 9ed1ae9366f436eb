/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/ckpt-tree-data.h"

/* Versions of a tree: each has its own view of the nodes and its own tables, which share with the former version whatever is the same. */

static CkptTreeStore *
store_new (CkptTree *origin)
{
  CkptTreeStore *self = g_new0 (CkptTreeStore, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->origin = ckpt_tree_ref (origin);
  self->nodes = ckpt_nodes_new_version (origin->nodes, TRUE);
  self->arena = ckpt_arena_new (self->nodes);
  self->archives = g_ptr_array_new_with_free_func ((GDestroyNotify) ckpt_archive_unref);
  self->is_taken = TRUE;
  return self;
}

static CkptTreeStore *
store_ref (CkptTreeStore *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

static void
store_unref (CkptTreeStore *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_ptr_array_unref (self->archives);
  ckpt_arena_free (self->arena);
  ckpt_nodes_free (self->nodes);
  ckpt_tree_unref (self->origin);
  g_free (self);
}

/**
 * ckpt_tree_new_version:
 * @self: a tree
 *
 * Its store is the one of @self, unless another draft is adding to that.
 *
 * Returns: (transfer full): a tree that is the same, to be changed by one draft, which calls ckpt_tree_give_back() when it is done
 */
CkptTree *
ckpt_tree_new_version (CkptTree *self)
{
  CkptTree *copy = g_memdup2 (self, sizeof *self);
  gboolean goes_on = self->store != NULL &&
                     g_atomic_int_compare_and_exchange (&self->store->is_taken, FALSE, TRUE);

  g_atomic_ref_count_init (&copy->ref_count);
  copy->store = goes_on ? store_ref (self->store) : store_new (self);
  copy->reach = NULL;
  copy->nodes = ckpt_nodes_new_version (goes_on ? self->nodes : copy->store->nodes, FALSE);
  copy->arena = copy->store->arena;
  copy->strings = ckpt_chunks_fork (self->strings, copy->nodes);
  copy->globals = ckpt_chunks_fork (self->globals, copy->nodes);
  copy->storages = ckpt_chunks_fork (self->storages, copy->nodes);
  copy->tensors = ckpt_chunks_fork (self->tensors, copy->nodes);
  copy->views = ckpt_chunks_fork (self->views, copy->nodes);
  copy->values = ckpt_chunks_fork (self->values, copy->nodes);
  if (self->store == NULL)
    {
      copy->n_base_strings = ckpt_chunks_get_n (self->strings);
      copy->n_base_globals = ckpt_chunks_get_n (self->globals);
    }
  return copy;
}

/**
 * ckpt_tree_give_back:
 * @self: a version that a draft has made, and changes no more
 *
 * Lets other drafts add to its store.
 */
void
ckpt_tree_give_back (CkptTree *self)
{
  g_atomic_int_set (&self->store->is_taken, FALSE);
}

/**
 * ckpt_tree_free_version:
 * @self: (transfer full): a version that nobody refers to any more
 */
void
ckpt_tree_free_version (CkptTree *self)
{
  if (self->reach != NULL)
    ckpt_reach_free (self->reach);
  ckpt_chunks_free (self->values);
  ckpt_chunks_free (self->views);
  ckpt_chunks_free (self->tensors);
  ckpt_chunks_free (self->storages);
  ckpt_chunks_free (self->globals);
  ckpt_chunks_free (self->strings);
  ckpt_nodes_free (self->nodes);
  store_unref (self->store);
  g_free (self);
}
