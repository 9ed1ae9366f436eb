/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "formats/ckpt-format.h"

#include "model/ckpt-text.h"
#include "pickle/ckpt-opcodes.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* The container of torch.save() before PyTorch 1.6, read as torch/serialization.py does in _legacy_load(): five pickles (magic number,
 * protocol version, system info, the object, the keys of its storages), then for each key in that order its number of elements as a
 * little-endian int64 and its bytes. There is no index, so the storages are walked by seeking from one count to the next. */

#define PROTOCOL_VERSION 1001
#define MAX_SHOWN_KEY    64

/* 0x1950a86a20f9469cfc6c, as LONG1 holds it. */
static const guint8 magic_number[] = { 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19 };
#define MAGIC_DECIMAL "119547037146038801333356"

typedef struct
{
  CkptLoader *loader;
  const CkptNodeId *keys; /* of the fifth pickle */
  guint32 n_keys;
  guint64 data; /* byte of the file where the storages begin */
} Legacy;

/* The magic is compared as a number: each protocol writes it in other bytes. */
static gboolean
is_magic (CkptNodes *nodes, CkptNodeId node)
{
  const char *text;
  gsize length;

  if (ckpt_nodes_get_kind (nodes, node) != CKPT_KIND_INT)
    return FALSE;

  if (ckpt_nodes_get_flags (nodes, node) & CKPT_NODE_BIG_INT)
    {
      text = ckpt_nodes_get_text (nodes, node, &length);
      return length == sizeof magic_number && memcmp (text, magic_number, length) == 0;
    }

  if (ckpt_nodes_get_flags (nodes, node) & CKPT_NODE_DECIMAL)
    return strcmp (ckpt_nodes_get_text (nodes, node, &length), MAGIC_DECIMAL) == 0;

  return FALSE;
}

static gboolean
recognises_legacy (const guint8 *head, gsize length, guint64 file_size)
{
  g_autoptr (CkptReader) reader = NULL;
  g_autoptr (CkptNodes) nodes = NULL;
  g_autoptr (CkptWarnings) warnings = NULL;
  CkptPickleInfo info;

  if (length == 0 || (head[0] != CKPT_OP_PROTO && head[0] != CKPT_OP_LONG))
    return FALSE;

  reader = ckpt_reader_new_for_data (head, length, "magic");
  nodes = ckpt_nodes_new ();
  warnings = ckpt_warnings_new ();
  return ckpt_decode_pickle (reader, nodes, warnings, NULL, NULL, NULL, &info, NULL) &&
         is_magic (nodes, info.root);
}

/* Decodes the next pickle and lists it as a record. */
static gboolean
decode_part (CkptLoader *loader, CkptReader *reader, const char *name, CkptPickleInfo *info, GError **error)
{
  guint64 start = ckpt_reader_get_position (reader);

  if (!ckpt_loader_decode (loader, reader, info, error))
    {
      g_prefix_error (error, _ ("In the part “%s”: "), name);
      return FALSE;
    }

  ckpt_archive_add (loader->archive, name, -1, start, info->end - start);
  return TRUE;
}

static gboolean
check_protocol_version (CkptLoader *loader, CkptReader *reader, GError **error)
{
  CkptPickleInfo info;
  guint64 start = ckpt_reader_get_position (reader);

  if (!decode_part (loader, reader, "protocol", &info, error))
    return FALSE;

  if (ckpt_nodes_get_kind (loader->nodes, info.root) == CKPT_KIND_INT &&
      ckpt_nodes_get_int (loader->nodes, info.root) == PROTOCOL_VERSION)
    return TRUE;

  return ckpt_error_set_at (
      error, CKPT_ERROR_UNSUPPORTED, "legacy-protocol", "protocol", 0, start,
      _ ("The file says that its version is not %d, the only one that PyTorch has written and reads."),
      PROTOCOL_VERSION);
}

/* torch.load() ignores the system info: data are little-endian whatever it says. */
static gboolean
read_sys_info (CkptLoader *loader, CkptReader *reader, GError **error)
{
  CkptPickleInfo info;
  const CkptNodeId *children;
  guint32 n_children;

  if (!decode_part (loader, reader, "sys_info", &info, error))
    return FALSE;

  if (ckpt_nodes_get_kind (loader->nodes, info.root) != CKPT_KIND_DICT)
    {
      ckpt_warnings_add (loader->warnings, "legacy-sys-info", "sys_info", 0,
                         _ ("The system info is not a dict. PyTorch ignores it, and so does this program."));
      return TRUE;
    }

  children = ckpt_nodes_get_children (loader->nodes, info.root, &n_children);
  for (guint32 i = 0; i + 1 < n_children; i += 2)
    {
      gsize length;

      if (ckpt_nodes_get_kind (loader->nodes, children[i]) == CKPT_KIND_STRING &&
          strcmp (ckpt_nodes_get_text (loader->nodes, children[i], &length), "little_endian") == 0 &&
          ckpt_nodes_get_kind (loader->nodes, children[i + 1]) == CKPT_KIND_BOOL)
        ckpt_tree_add_fact (loader->tree, "little_endian",
                            ckpt_nodes_get_int (loader->nodes, children[i + 1]) ? "True" : "False");
    }
  return TRUE;
}

static void
warn_cut (CkptLoader *loader, const char *record)
{
  guint64 size = ckpt_source_get_size (loader->source);

  ckpt_tree_set_cut (loader->tree);
  ckpt_warnings_add (
      loader->warnings, "file-cut", record, CKPT_NO_OFFSET,
      _ ("The file is cut at %" G_GUINT64_FORMAT
         " bytes: all keys are there, but not all values. The download may not have finished."),
      size);
}

/* A file that is cut behind the object still has all its keys, so it opens with a warning. */
static gboolean
read_keys (Legacy *self, CkptReader *reader, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  CkptLoader *loader = self->loader;
  guint64 start = ckpt_reader_get_position (reader);
  CkptPickleInfo info;

  if (!decode_part (loader, reader, "keys", &info, &local_error))
    {
      if (!g_error_matches (local_error, CKPT_ERROR, CKPT_ERROR_TRUNCATED))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
      warn_cut (loader, "keys");
      return TRUE;
    }

  if (ckpt_nodes_get_kind (loader->nodes, info.root) != CKPT_KIND_LIST)
    return ckpt_error_set_at (
        error, CKPT_ERROR_MALFORMED, "legacy-keys", "keys", 0, start,
        _ ("The fifth part of the file should be the list of storages, but it is something else."));

  self->keys = ckpt_nodes_get_children (loader->nodes, info.root, &self->n_keys);
  self->data = info.end;
  return TRUE;
}

/* The text of a storage key; PyTorch writes text, and an int compares unequal to it when loading. */
static const char *
get_key (Legacy *self, guint32 i, char buffer[32])
{
  CkptNodes *nodes = self->loader->nodes;
  gsize length;

  switch (ckpt_nodes_get_kind (nodes, self->keys[i]))
    {
    case CKPT_KIND_STRING:
    case CKPT_KIND_BYTES:
      return ckpt_nodes_get_text (nodes, self->keys[i], &length);

    case CKPT_KIND_INT:
      if (ckpt_nodes_get_flags (nodes, self->keys[i]) & (CKPT_NODE_BIG_INT | CKPT_NODE_DECIMAL))
        return "?";
      ckpt_warnings_add (
          self->loader->warnings, "storage-key-not-text", "keys", CKPT_NO_OFFSET,
          _ ("The list of storages holds a number where PyTorch writes text. PyTorch does not load this file."));
      g_snprintf (buffer, 32, "%" G_GINT64_FORMAT, ckpt_nodes_get_int (nodes, self->keys[i]));
      return buffer;

    default:
      return "?";
    }
}

/* Reads the count before a storage's bytes; the file holds at least that. */
static gboolean
read_count (Legacy *self, const char *key, guint64 position, gint64 *count, GError **error)
{
  gint64 value;

  if (!ckpt_source_read (self->loader->source, position, &value, sizeof value, error))
    return FALSE;

  *count = GINT64_FROM_LE (value);
  if (*count < 0)
    return ckpt_error_set_at (
        error, CKPT_ERROR_MALFORMED, "storage-count", key, 0, position,
        _ ("Storage %s says that it has %" G_GINT64_FORMAT " elements, which cannot be."), key, *count);
  return TRUE;
}

/* A count that even the file's own pickle does not back and that the file could not hold is damage; one that it backs is a cut file. */
static gboolean
place_storage (Legacy *self,
               const char *shown,
               CkptStorage *storage,
               guint64 position,
               gint64 count,
               guint64 *n_bytes,
               GError **error)
{
  CkptLoader *loader = self->loader;
  guint64 remaining = ckpt_source_get_size (loader->source) - position;
  guint64 present;

  if ((guint64) count != storage->numel)
    ckpt_warnings_add (loader->warnings, "storage-two-sizes", shown, 0,
                       _ ("Storage %s says %" G_GINT64_FORMAT
                          " elements before its bytes, and %" G_GUINT64_FORMAT
                          " where it is used. PyTorch does not load this file."),
                       shown, count, storage->numel);

  if (!ckpt_storage_get_bytes (storage, count, n_bytes) ||
      (*n_bytes > remaining && (guint64) count != storage->numel))
    return ckpt_error_set_at (error, CKPT_ERROR_MALFORMED, "storage-count", shown, 0,
                              position - sizeof (gint64),
                              _ ("Storage %s says that it has %" G_GINT64_FORMAT
                                 " elements, but only %" G_GUINT64_FORMAT " bytes remain in the file."),
                              shown, count, remaining);

  present = MIN (*n_bytes, remaining);
  storage->record = ckpt_archive_add (loader->archive, storage->key, -1, position, present);
  storage->record_offset = 0;
  storage->n_bytes_present = present;
  return TRUE;
}

/* A key that nothing refers to has no type, so the walk cannot pass over its bytes; at the end of the list that does not matter. */
static gboolean
check_unused (Legacy *self, const char *key, gboolean is_last, GError **error)
{
  if (!is_last)
    return ckpt_error_set_at (
        error, CKPT_ERROR_MALFORMED, "storage-unused", key, 0, CKPT_NO_OFFSET,
        _ ("Storage %s is in the list but nothing uses it, so where the next one begins is not known."), key);

  ckpt_warnings_add (self->loader->warnings, "storage-unused", key, CKPT_NO_OFFSET,
                     _ ("Storage %s is in the list but nothing uses it. PyTorch does not load this file."),
                     key);
  return TRUE;
}

static void
warn_of_end (Legacy *self, guint64 position)
{
  CkptLoader *loader = self->loader;
  guint64 size = ckpt_source_get_size (loader->source);

  if (position < size)
    ckpt_warnings_add (loader->warnings, "bytes-after-data", NULL, position,
                       _ ("%" G_GUINT64_FORMAT " bytes follow the last storage. They are not shown."),
                       size - position);
}

static gboolean
check_key_twice (GHashTable *seen, const char *key, const char *shown, GError **error)
{
  if (g_hash_table_add (seen, g_strdup (key)))
    return TRUE;

  return ckpt_error_set_at (error, CKPT_ERROR_MALFORMED, "storage-twice", shown, 0, CKPT_NO_OFFSET,
                            _ ("Storage %s is listed twice, so which bytes are meant is not known."), shown);
}

/* Places one storage, whose count is at *@position, and moves on to the next one; to the end of the file if it is not whole. */
static gboolean
walk_storage (Legacy *self,
              CkptTree *tree,
              const char *key,
              const char *shown,
              gboolean is_last,
              guint64 *position,
              gboolean *is_cut,
              GError **error)
{
  guint64 size = ckpt_source_get_size (self->loader->source);
  guint64 data = *position + sizeof (gint64);
  gint64 count = 0;
  guint64 n_bytes = 0;
  guint index;

  *is_cut = size - *position < sizeof (gint64);
  if (*is_cut)
    return TRUE;

  if (!read_count (self, shown, *position, &count, error))
    return FALSE;

  if (!ckpt_tree_find_storage (tree, key, &index))
    {
      *position = size;
      return check_unused (self, shown, is_last, error);
    }

  if (!place_storage (self, shown, ckpt_tree_edit_storage (tree, index), data, count, &n_bytes, error))
    return FALSE;

  *is_cut = n_bytes > size - data;
  *position = *is_cut ? size : data + n_bytes;
  return TRUE;
}

static gboolean
locate_storages (CkptTree *tree, gpointer user_data, GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Legacy *self = user_data;
  guint64 position = self->data;
  gboolean is_cut = FALSE;
  char buffer[32];

  for (guint32 i = 0; i < self->n_keys && !is_cut; i++)
    {
      const char *key = get_key (self, i, buffer);
      g_autofree char *shown = ckpt_text_escape (key, strlen (key), MAX_SHOWN_KEY);

      if (!check_key_twice (seen, key, shown, error) ||
          !walk_storage (self, tree, key, shown, i + 1 == self->n_keys, &position, &is_cut, error))
        return FALSE;
    }

  if (is_cut)
    warn_cut (self->loader, NULL);
  else if (self->keys != NULL)
    warn_of_end (self, position);
  return TRUE;
}

static gboolean
load_legacy (CkptLoader *loader, GError **error)
{
  g_autoptr (CkptReader) reader = NULL;
  Legacy self = { .loader = loader };
  CkptPickleInfo info;
  guint64 start;
  guint whole;

  whole = ckpt_archive_add (loader->archive, "file", -1, 0, ckpt_source_get_size (loader->source));
  reader = ckpt_reader_new (loader->archive, whole);
  ckpt_tree_set_container (loader->tree, CKPT_CONTAINER_TORCH_LEGACY,
                           _ ("PyTorch checkpoint in the format before 1.6"));

  if (!decode_part (loader, reader, "magic", &info, error) ||
      !check_protocol_version (loader, reader, error) || !read_sys_info (loader, reader, error))
    return FALSE;

  start = ckpt_reader_get_position (reader);
  if (!ckpt_loader_decode_root (loader, reader, &info, error))
    return FALSE;
  ckpt_archive_add (loader->archive, "pickle", -1, start, info.end - start);

  if (!read_keys (&self, reader, error))
    return FALSE;

  return ckpt_tree_recognise (loader->tree, CKPT_PERSISTENT_LEGACY, locate_storages, &self, error);
}

const CkptFormat ckpt_format_torch_legacy = {
  .name = "torch-legacy",
  .recognises = recognises_legacy,
  .load = load_legacy,
};
