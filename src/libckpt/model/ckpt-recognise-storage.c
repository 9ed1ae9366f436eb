/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/ckpt-recognise.h"

#include "model/ckpt-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Characters of a storage's key that messages show. */
#define MAX_SHOWN_KEY 60

static char *
show_key (const char *key)
{
  return ckpt_text_escape (key, strlen (key), MAX_SHOWN_KEY);
}

/* A persistent id that makes no sense is said so once; the tensors that use it are shown without values. */
static void
set_bad (CkptRecogniser *self, CkptNodeId node)
{
  const CkptValue value = { CKPT_KIND_PERSISTENT_ID, CKPT_FORM_BAD_STORAGE, CKPT_NO_NODE, NULL };

  ckpt_tree_add_value (self->tree, node, &value, &self->error);
}

static gboolean
read_class (CkptRecogniser *self, CkptNodeId node, CkptNodeId class_node, CkptStorage *storage)
{
  const CkptGlobal *global = ckpt_recogniser_get_global (self, class_node);

  if (global == NULL ||
      (global->name != CKPT_NAME_STORAGE_CLASS && global->name != CKPT_NAME_UNTYPED_STORAGE))
    {
      ckpt_warnings_add_node (self->warnings, "storage-type-unknown", node,
                              _ ("The type “%s” of a storage is not known, so its values are not shown."),
                              global != NULL ? global->full_name : "?");
      return FALSE;
    }

  storage->dtype = global->dtype;
  storage->is_untyped = global->name == CKPT_NAME_UNTYPED_STORAGE;
  return TRUE;
}

static const char *
copy_number (CkptRecogniser *self, CkptNodeId node, gint64 number)
{
  char text[32];

  g_snprintf (text, sizeof text, "%" G_GINT64_FORMAT, number);
  ckpt_warnings_add_node (self->warnings, "storage-key-not-text", node,
                          _ ("The key of storage %s is a number; PyTorch writes text."), text);
  return ckpt_tree_copy (self->tree, text, strlen (text) + 1, &self->error);
}

/* The key, which names a record; it is compared with their names and never used as the name of a file. */
static gboolean
read_key (CkptRecogniser *self, CkptNodeId node, CkptNodeId key_node, CkptStorage *storage)
{
  CkptKind kind = ckpt_nodes_get_kind (self->nodes, key_node);
  gsize length;
  gint64 number;

  if ((kind == CKPT_KIND_STRING || kind == CKPT_KIND_BYTES) &&
      (ckpt_nodes_get_flags (self->nodes, key_node) & CKPT_NODE_LONG) == 0)
    {
      storage->key = ckpt_nodes_get_text (self->nodes, key_node, &length);
      if (memchr (storage->key, '\0', length) == NULL)
        return TRUE;
    }
  else if (ckpt_tree_get_int (self->tree, key_node, &number))
    {
      storage->key = copy_number (self, node, number);
      return storage->key != NULL;
    }

  ckpt_warnings_add_node (self->warnings, "storage-key", node,
                          _ ("The key of a storage can name no record, so its values are not shown."));
  return FALSE;
}

static gboolean
fail_numel (CkptRecogniser *self, CkptNodeId node, const char *key, const char *code, const char *sentence)
{
  g_autofree char *shown = show_key (key);

  ckpt_warnings_add_node (self->warnings, code, node, "%s: %s", shown, sentence);
  return FALSE;
}

static gboolean
read_numel (CkptRecogniser *self, CkptNodeId node, CkptNodeId numel_node, CkptStorage *storage)
{
  gint64 numel = 0;
  gboolean fits;

  if (ckpt_nodes_get_kind (self->nodes, numel_node) != CKPT_KIND_INT)
    return fail_numel (
        self, node, storage->key, "storage-numel",
        _ ("The number of elements of this storage is no number, so its values are not shown."));

  fits = ckpt_tree_get_int (self->tree, numel_node, &numel);
  if (numel < 0)
    return fail_numel (self, node, storage->key, "storage-negative",
                       _ ("This storage has a negative number of elements, so its values are not shown."));

  storage->numel = numel;
  if (!fits || !ckpt_storage_get_bytes (storage, numel, &storage->n_bytes))
    return fail_numel (
        self, node, storage->key, "storage-overflow",
        _ ("This storage has more elements than any file can hold, so its values are not shown."));
  return TRUE;
}

/* torch.load() reads a storage once, when it first meets its key; what later ids say of it is ignored. Storages without bytes may be
 * viewed as any type. */
static void
compare (CkptRecogniser *self, CkptNodeId node, const CkptStorage *known, const CkptStorage *other)
{
  g_autofree char *key = NULL;

  if ((known->n_bytes == 0 && other->n_bytes == 0) || self->tree->container == CKPT_CONTAINER_TORCHSCRIPT)
    return;

  if (known->dtype != other->dtype)
    {
      key = show_key (known->key);
      ckpt_warnings_add_node (
          self->warnings, "storage-two-types", node,
          _ ("Storage %s is used first as %s and later as %s. PyTorch goes by the first."), key,
          ckpt_dtype_get_name (known->dtype), ckpt_dtype_get_name (other->dtype));
    }
  else if (known->numel != other->numel)
    {
      key = show_key (known->key);
      ckpt_warnings_add_node (self->warnings, "storage-two-sizes", node,
                              _ ("Storage %s has %" G_GUINT64_FORMAT
                                 " elements in one place and %" G_GUINT64_FORMAT
                                 " in another. PyTorch takes what comes first."),
                              key, known->numel, other->numel);
    }
}

static gboolean
get_count (CkptRecogniser *self, CkptNodeId node, guint64 *count)
{
  gint64 number;

  if (!ckpt_tree_get_int (self->tree, node, &number) || number < 0)
    return FALSE;

  *count = number;
  return TRUE;
}

/* View metadata are (key of the view, first element, number of elements), as torch/serialization.py wrote them before 0.4. */
static void
read_view (CkptRecogniser *self, CkptNodeId node, CkptNodeId metadata, guint32 index)
{
  const CkptStorage *storage = ckpt_tree_get_storage (self->tree, index);
  guint32 n;
  const CkptNodeId *items = ckpt_recogniser_get_items (self, metadata, &n);
  CkptView view = { .storage = index };
  CkptView *copy;
  guint64 end;

  if (n != 3 || !get_count (self, items[1], &view.offset) || !get_count (self, items[2], &view.numel) ||
      !g_uint64_checked_add (&end, view.offset, view.numel) || end > storage->numel)
    {
      g_autofree char *key = show_key (storage->key);

      ckpt_warnings_add_node (self->warnings, "view-out-of-bounds", node,
                              _ ("A part of storage %s lies outside of it, so its values are not shown."),
                              key);
      set_bad (self, node);
      return;
    }

  copy = ckpt_chunks_add (self->tree->views, &self->error);
  if (copy == NULL)
    return;

  *copy = view;
  ckpt_nodes_set_tag (self->nodes, node,
                      ckpt_tag_new (CKPT_TAG_VIEW, ckpt_chunks_get_n (self->tree->views) - 1));
}

static void
warn_of_length (CkptRecogniser *self, CkptNodeId node, guint32 n)
{
  guint32 n_expected = self->style == CKPT_PERSISTENT_LEGACY ? 6 : 5;

  if (n != n_expected)
    ckpt_warnings_add_node (
        self->warnings, "storage-id-length", node,
        _ ("A storage is described by %u values; PyTorch writes %u in this kind of file, and does not load this."),
        n, n_expected);
}

/* ("storage", class, key, location, number of elements[, view metadata]) */
static void
do_storage (CkptRecogniser *self, CkptNodeId node, const CkptNodeId *items, guint32 n)
{
  CkptStorage storage = { .record = CKPT_NO_RECORD, .node = node };
  guint index;

  warn_of_length (self, node, n);
  if (n < 5 || !read_class (self, node, items[1], &storage) || !read_key (self, node, items[2], &storage) ||
      !read_numel (self, node, items[4], &storage))
    {
      set_bad (self, node);
      return;
    }

  if (ckpt_tree_find_storage (self->tree, storage.key, &index))
    {
      compare (self, node, ckpt_tree_get_storage (self->tree, index), &storage);
    }
  else
    {
      storage.location = ckpt_recogniser_get_location (self, items[3]);
      index = ckpt_tree_add_storage (self->tree, &storage);
      if (index == CKPT_NO_STORAGE)
        {
          set_bad (self, node);
          return;
        }
    }

  if (n > 5 && ckpt_nodes_get_kind (self->nodes, items[5]) != CKPT_KIND_NONE)
    read_view (self, node, items[5], index);
  else
    ckpt_nodes_set_tag (self->nodes, node, ckpt_tag_new (CKPT_TAG_STORAGE, index));
}

/**
 * ckpt_recogniser_do_persistent_id:
 * @self: a recogniser
 * @node: a persistent id
 *
 * Finds the storage or, in the container before 1.6, the class that a persistent id stands for; the forms are those of persistent_id()
 * in torch/serialization.py.
 */
void
ckpt_recogniser_do_persistent_id (CkptRecogniser *self, CkptNodeId node)
{
  guint32 n_children;
  const CkptNodeId *children = ckpt_nodes_get_children (self->nodes, node, &n_children);
  guint32 n;
  const CkptNodeId *items;

  if (self->style == CKPT_PERSISTENT_OTHER || n_children == 0)
    return;

  items = ckpt_recogniser_get_items (self, children[0], &n);
  if (n > 0 && ckpt_recogniser_is_text (self, items[0], "storage"))
    {
      do_storage (self, node, items, n);
    }
  else if (n > 1 && ckpt_recogniser_is_text (self, items[0], "module"))
    {
      const CkptValue value = { CKPT_KIND_PERSISTENT_ID, CKPT_FORM_CLASS_ID, items[1], NULL };

      ckpt_tree_add_value (self->tree, node, &value, &self->error);
      if (self->style != CKPT_PERSISTENT_LEGACY)
        ckpt_warnings_add_node (
            self->warnings, "persistent-id-module", node,
            _ ("The source text of a class is kept here as PyTorch did before 1.6, in a kind of file that has "
               "none. It is shown as text. PyTorch does not load this file."));
    }
  else if (self->tree->container != CKPT_CONTAINER_PACKAGE)
    {
      ckpt_warnings_add_node (
          self->warnings, "persistent-id-unknown", node,
          _ ("A persistent id is of a kind that PyTorch does not know. PyTorch does not load this file."));
    }
}

static void
check_storage (CkptRecogniser *self, CkptStorage *storage)
{
  g_autofree char *key = NULL;

  if (storage->record != CKPT_NO_RECORD && storage->n_bytes_present == storage->n_bytes)
    return;

  if (storage->record == CKPT_NO_RECORD && storage->n_bytes_present > 0)
    return;

  key = show_key (storage->key);
  if (storage->record == CKPT_NO_RECORD)
    {
      ckpt_warnings_add_node (self->warnings, "storage-missing", storage->node,
                              _ ("Storage %s, of %" G_GUINT64_FORMAT " bytes, is not in the file."), key,
                              storage->n_bytes);
    }
  else if (storage->n_bytes_present < storage->n_bytes)
    {
      ckpt_warnings_add_node (
          self->warnings, "storage-short", storage->node,
          _ ("Storage %s needs %" G_GUINT64_FORMAT " bytes, but only %" G_GUINT64_FORMAT " are in the file."),
          key, storage->n_bytes, storage->n_bytes_present);
    }
  else
    {
      ckpt_warnings_add_node (
          self->warnings, "storage-long", storage->node,
          _ ("Storage %s has %" G_GUINT64_FORMAT " bytes more in the file than it needs."), key,
          storage->n_bytes_present - storage->n_bytes);
      storage->n_bytes_present = storage->n_bytes;
    }
}

/**
 * ckpt_recogniser_check_storages:
 * @self: a recogniser
 *
 * Warns of storages whose bytes are missing, cut, or too many.
 */
void
ckpt_recogniser_check_storages (CkptRecogniser *self)
{
  for (guint i = 0; i < ckpt_tree_get_n_storages (self->tree); i++)
    check_storage (self, ckpt_tree_edit_storage (self->tree, i));
}
