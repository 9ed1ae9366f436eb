/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "formats/ckpt-plan.h"

#include "pickle/ckpt-encoder.h"
#include "pickle/ckpt-opcodes.h"

#include <string.h>

/* The container of torch.save() before PyTorch 1.6, as torch/serialization.py writes it in _legacy_save(): three pickles that say
 * what it is, the object, the keys of its storages sorted as text, and for each of them its number of elements and its bytes,
 * least significant byte first. */

static const guint8 magic[] = "\200\2\212\nl\374\234F\371 j\250P\31.";
static const guint8 protocol[] = "\200\2M\351\3.";
static const guint8 sys_info[] =
    "\200\2}q\0(X\20\0\0\0protocol_versionq\1M\351\3X\r\0\0\0little_endianq\2\210X\n\0\0\0type_sizesq\3}q\4("
    "X\5\0\0\0shortq\5K\2X\3\0\0\0intq\6K\4X\4\0\0\0longq\7K\4uu.";

/* Records that ckpt_load() finds before the storages: the whole file, and the five pickles. */
enum
{
  PART_FILE,
  PART_MAGIC,
  PART_PROTOCOL,
  PART_SYS_INFO,
  PART_PICKLE,
  PART_KEYS,
  N_PARTS,
};

static const char *const part_names[] = { "file", "magic", "protocol", "sys_info", "pickle", "keys" };

/**
 * Legacy:
 * @source: (nullable): the records of the file that is written anew
 * @storages: (element-type guint): the storages, in the order of the keys
 */
typedef struct
{
  CkptPlan *plan;
  CkptArchive *source;
  GArray *storages;
} Legacy;

static void
legacy_free (gpointer data)
{
  Legacy *self = data;

  g_clear_pointer (&self->storages, g_array_unref);
  g_free (self);
}

static void
end_record (CkptPlan *plan, CkptPlanRecord *record)
{
  record->size = record->payload.size;
  record->offset = plan->size;
  plan->size += record->size;
}

static void
add_bytes (Legacy *self, guint part, GBytes *bytes)
{
  CkptPlanRecord *record = ckpt_plan_add_record (self->plan, part_names[part], -1);

  ckpt_payload_init_bytes (&record->payload, bytes);
  end_record (self->plan, record);
}

static void
add_copy (Legacy *self, guint part)
{
  CkptPlanRecord *record = ckpt_plan_add_record (self->plan, part_names[part], -1);

  ckpt_payload_init_record (&record->payload, self->source, part);
  end_record (self->plan, record);
}

/* What says nothing of the object stays as it is. */
static void
add_head (Legacy *self)
{
  if (self->source != NULL)
    {
      add_copy (self, PART_MAGIC);
      add_copy (self, PART_PROTOCOL);
      add_copy (self, PART_SYS_INFO);
      return;
    }
  add_bytes (self, PART_MAGIC, g_bytes_new_static (magic, sizeof magic - 1));
  add_bytes (self, PART_PROTOCOL, g_bytes_new_static (protocol, sizeof protocol - 1));
  add_bytes (self, PART_SYS_INFO, g_bytes_new_static (sys_info, sizeof sys_info - 1));
}

static gboolean
add_pickle (Legacy *self, GError **error)
{
  CkptTree *tree = self->plan->tree;
  CkptPickleBuffer *pickle = ckpt_pickle_buffer_new (ckpt_tree_get_nodes (tree), ckpt_tree_get_archive (tree),
                                                     ckpt_tree_get_root (tree), self->plan->cancellable,
                                                     error);
  CkptPlanRecord *record;

  if (pickle == NULL)
    return FALSE;

  record = ckpt_plan_add_record (self->plan, part_names[PART_PICKLE], -1);
  ckpt_payload_init_pickle (&record->payload, pickle);
  end_record (self->plan, record);
  return TRUE;
}

static int
compare_keys (gconstpointer a, gconstpointer b, gpointer user_data)
{
  CkptTree *tree = user_data;

  return strcmp (ckpt_tree_get_storage (tree, *(const guint *) a)->key,
                 ckpt_tree_get_storage (tree, *(const guint *) b)->key);
}

/* The list of keys as CPython's pickler writes it: nodes that the encoder takes for a list that was made there and then. */
static CkptNodeId
make_key_nodes (Legacy *self, CkptNodes *nodes, GError **error)
{
  CkptNodeId list = ckpt_nodes_add_container (nodes, CKPT_KIND_LIST, CKPT_OP_EMPTY_LIST, 0, NULL, 0, error);

  if (list == CKPT_NO_NODE)
    return CKPT_NO_NODE;

  ckpt_nodes_set_flag (nodes, list, CKPT_NODE_PUT);
  for (guint i = 0; i < self->storages->len; i++)
    {
      const char *key =
          ckpt_tree_get_storage (self->plan->tree, g_array_index (self->storages, guint, i))->key;
      CkptNodeId text = ckpt_nodes_add_text (nodes, CKPT_KIND_STRING, CKPT_NODE_PUT, CKPT_OP_BINUNICODE, key,
                                             strlen (key), error);

      if (text == CKPT_NO_NODE || !ckpt_nodes_append (nodes, list, &text, 1, error))
        return CKPT_NO_NODE;
    }
  return list;
}

static gboolean
append (gpointer data, const void *bytes, gsize length, GError **error)
{
  g_byte_array_append (data, bytes, length);
  return TRUE;
}

static gboolean
add_keys (Legacy *self, GError **error)
{
  g_autoptr (CkptNodes) nodes = ckpt_nodes_new ();
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  const CkptSink sink = { append, bytes };
  CkptNodeId list = make_key_nodes (self, nodes, error);

  if (list == CKPT_NO_NODE || !ckpt_encode (nodes, NULL, list, &sink, error))
    return FALSE;

  add_bytes (self, PART_KEYS, g_byte_array_free_to_bytes (g_steal_pointer (&bytes)));
  return TRUE;
}

static gboolean
add_storage (Legacy *self, guint index, GError **error)
{
  const CkptStorage *storage = ckpt_tree_get_storage (self->plan->tree, index);
  CkptPlanRecord *record = ckpt_plan_add_record (self->plan, storage->key, -1);

  if (!ckpt_payload_init_storage (&record->payload, self->plan->tree, index, FALSE, error))
    return FALSE;

  self->plan->size += sizeof (gint64);
  end_record (self->plan, record);
  return TRUE;
}

static gboolean
add_storages (Legacy *self, GError **error)
{
  for (guint i = 0; i < self->storages->len; i++)
    if (!add_storage (self, g_array_index (self->storages, guint, i), error))
      return FALSE;
  return TRUE;
}

/* Whether something uses each storage of the file: one that nothing uses has no type, so its bytes are unknown. */
static gboolean
has_all_storages (Legacy *self)
{
  for (guint i = 0; i < ckpt_tree_get_n_warnings (self->plan->tree); i++)
    if (strcmp (ckpt_tree_get_warning (self->plan->tree, i)->place.code, "storage-unused") == 0)
      return FALSE;
  return TRUE;
}

/* The storages in the order in which the file has them. */
static void
list_as_stored (Legacy *self)
{
  self->storages = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint record = N_PARTS; record < ckpt_archive_get_n (self->source); record++)
    {
      guint index;

      if (ckpt_tree_find_storage (self->plan->tree, ckpt_archive_get (self->source, record)->name, &index))
        g_array_append_val (self->storages, index);
    }
}

static gboolean
plan_edited (Legacy *self, GError **error)
{
  self->storages = ckpt_plan_list_storages (self->plan, error);
  if (self->storages == NULL)
    return FALSE;

  g_array_sort_with_data (self->storages, compare_keys, self->plan->tree);
  add_head (self);
  return add_pickle (self, error) && add_keys (self, error) && add_storages (self, error);
}

static gboolean
plan_unedited (Legacy *self, GError **error)
{
  list_as_stored (self);
  add_head (self);
  add_copy (self, PART_PICKLE);
  add_copy (self, PART_KEYS);
  return add_storages (self, error);
}

static gboolean
plan_legacy (CkptPlan *plan, GError **error)
{
  Legacy *self = g_new0 (Legacy, 1);

  plan->data = self;
  self->plan = plan;
  if (ckpt_tree_get_container (plan->origin) == CKPT_CONTAINER_TORCH_LEGACY)
    self->source = ckpt_tree_get_archive (plan->tree);
  plan->is_unedited = plan->is_unedited && has_all_storages (self);
  return plan->is_unedited ? plan_unedited (self, error) : plan_edited (self, error);
}

static gboolean
write_storage (Legacy *self, guint number, CkptWriter *writer, GError **error)
{
  CkptPlanRecord *record = ckpt_plan_get_record (self->plan, N_PARTS - 1 + number);
  const CkptStorage *storage = ckpt_tree_get_storage (self->plan->tree,
                                                      g_array_index (self->storages, guint, number));
  gint64 count = GINT64_TO_LE ((gint64) storage->numel);

  return ckpt_writer_write (writer, &count, sizeof count, error) &&
         ckpt_payload_write (&record->payload, writer, NULL, error);
}

static gboolean
write_legacy (CkptPlan *plan, CkptWriter *writer, GError **error)
{
  Legacy *self = plan->data;

  for (guint i = 0; i < N_PARTS - 1; i++)
    if (!ckpt_payload_write (&ckpt_plan_get_record (plan, i)->payload, writer, NULL, error))
      return FALSE;
  for (guint i = 0; i < self->storages->len; i++)
    if (!write_storage (self, i, writer, error))
      return FALSE;
  return TRUE;
}

const CkptWriteFormat ckpt_write_legacy = {
  .container = CKPT_CONTAINER_TORCH_LEGACY,
  .first_record = PART_MAGIC,
  .plan = plan_legacy,
  .write = write_legacy,
  .free = legacy_free,
};
