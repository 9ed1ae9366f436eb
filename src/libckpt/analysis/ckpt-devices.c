/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "analysis/ckpt-devices.h"

#include "analysis/ckpt-stay.h"

#include <string.h>

#define MAX_OBJECTS 1000

typedef struct
{
  CkptTree *tree;
  CkptDevices *devices;
  CkptStayFinder *finder;
  GHashTable *rows;     /* tag -> CkptDeviceRow */
  GHashTable *storages; /* CkptStorage: those that were counted */
} Walk;

static void
row_free (gpointer data)
{
  CkptDeviceRow *row = data;

  g_free (row->tag);
  g_free (row);
}

static void
object_free (gpointer data)
{
  CkptDeviceObject *object = data;

  g_free (object->tag);
  g_free (object->path);
  g_free (object);
}

static CkptDeviceRow *
get_row (Walk *walk, const char *tag)
{
  CkptDeviceRow *row = g_hash_table_lookup (walk->rows, tag);

  if (row == NULL)
    {
      row = g_new0 (CkptDeviceRow, 1);
      row->tag = g_strdup (tag);
      g_hash_table_insert (walk->rows, row->tag, row);
      g_ptr_array_add (walk->devices->rows, row);
    }
  return row;
}

/* A file may announce more than can be counted. */
static void
add_bytes (CkptDeviceRow *row, guint64 n_bytes)
{
  if (__builtin_add_overflow (row->n_bytes, n_bytes, &row->n_bytes))
    row->n_bytes = G_MAXUINT64;
}

static void
add_storage (Walk *walk, const CkptStorage *storage)
{
  CkptDeviceRow *row;

  if (!g_hash_table_add (walk->storages, (gpointer) storage))
    return;
  row = get_row (walk, storage->location);
  row->n_storages++;
  add_bytes (row, storage->n_bytes);
}

static void
add_tensor (Walk *walk, const CkptPath *path, const CkptTensor *tensor, gboolean is_repeat)
{
  CkptDeviceRow *row = get_row (walk, tensor->device);
  const CkptStorage *storage = NULL;
  CkptStay stay;

  row->n_tensors++;
  if (is_repeat)
    return;
  if (tensor->storage != CKPT_NO_STORAGE)
    storage = ckpt_tree_get_storage (walk->tree, tensor->storage);
  if (storage != NULL)
    add_storage (walk, storage);
  if (storage == NULL ? (tensor->flags & CKPT_TENSOR_WRAPPER) != 0
                      : strcmp (storage->location, tensor->device) != 0)
    {
      row->n_calls++;
      add_bytes (row, tensor->n_bytes);
    }
  stay = ckpt_stay_finder_find (walk->finder, path, tensor);
  walk->devices->stays[tensor->index] = stay;
  row->n_staying += stay != CKPT_STAY_NONE;
}

/* Texts are written once and read from everywhere, so each place of one counts. */
static gboolean
add_object (Walk *walk, const CkptPath *path, CkptNodeId node)
{
  g_autofree char *tag = ckpt_device_dup_value (walk->tree, node);
  CkptDeviceObject *object;

  if (tag == NULL)
    return FALSE;
  get_row (walk, tag)->n_objects++;
  if (walk->devices->n_objects++ >= MAX_OBJECTS)
    return TRUE;
  object = g_new (CkptDeviceObject, 1);
  *object = (CkptDeviceObject) { g_steal_pointer (&tag), ckpt_path_to_string (path, walk->tree), node };
  g_ptr_array_add (walk->devices->objects, object);
  return TRUE;
}

static gboolean
on_value (CkptTree *tree,
          const CkptPath *path,
          guint depth,
          const CkptChild *child,
          gboolean is_repeat,
          gpointer user_data)
{
  Walk *walk = user_data;

  switch ((int) ckpt_tree_get_kind (tree, child->node))
    {
    case CKPT_KIND_TENSOR:
      add_tensor (walk, path, ckpt_tree_get_node_tensor (tree, child->node), is_repeat);
      return TRUE;
    case CKPT_KIND_STORAGE:
      add_storage (walk, ckpt_tree_get_node_storage (tree, child->node));
      return TRUE;
    case CKPT_KIND_OBJECT:
    case CKPT_KIND_STRING:
      return is_repeat || !add_object (walk, path, child->node); /* a torch.device holds a text */
    default:
      return TRUE;
    }
}

#define COMPARE(a, b) \
  if ((a) != (b))     \
  return (a) < (b) ? -1 : 1

static int
compare_rows (gconstpointer a, gconstpointer b)
{
  const CkptDeviceRow *one = *(CkptDeviceRow *const *) a, *other = *(CkptDeviceRow *const *) b;

  COMPARE (other->n_bytes, one->n_bytes);
  COMPARE (other->n_tensors, one->n_tensors);
  return strcmp (one->tag, other->tag);
}

/**
 * ckpt_devices_new:
 * @tree: a tree
 * @from: the value under which to look
 *
 * A tensor counts at each of its places, a storage once. Takes time in proportion to the size of the tree, and reads nothing of the file.
 *
 * Returns: (transfer full): the devices that values under @from are on
 */
CkptDevices *
ckpt_devices_new (CkptTree *tree, CkptNodeId from)
{
  g_autoptr (CkptStayFinder) finder = NULL;
  g_autoptr (GHashTable) rows = NULL;
  g_autoptr (GHashTable) storages = NULL;
  CkptDevices *self;
  Walk walk;

  g_return_val_if_fail (tree != NULL, NULL);

  finder = ckpt_stay_finder_new (tree, from);
  rows = g_hash_table_new (g_str_hash, g_str_equal);
  storages = g_hash_table_new (NULL, NULL);
  self = g_new0 (CkptDevices, 1);
  self->rows = g_ptr_array_new_with_free_func (row_free);
  self->objects = g_ptr_array_new_with_free_func (object_free);
  self->n_stays = ckpt_tree_get_n_tensors (tree);
  self->stays = g_new0 (guint8, self->n_stays);
  walk = (Walk) { tree, self, finder, rows, storages };
  ckpt_tree_walk (tree, from, on_value, &walk);
  g_ptr_array_sort (self->rows, compare_rows);
  return self;
}

/**
 * ckpt_devices_free:
 * @self: (nullable): devices
 */
void
ckpt_devices_free (CkptDevices *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->rows);
  g_ptr_array_unref (self->objects);
  g_free (self->stays);
  g_free (self);
}

/**
 * ckpt_devices_find:
 * @self: devices
 * @tag: a device
 *
 * Returns: (transfer none) (nullable): what is on it
 */
const CkptDeviceRow *
ckpt_devices_find (const CkptDevices *self, const char *tag)
{
  g_return_val_if_fail (self != NULL && tag != NULL, NULL);

  for (guint i = 0; i < self->rows->len; i++)
    if (strcmp (((CkptDeviceRow *) self->rows->pdata[i])->tag, tag) == 0)
      return self->rows->pdata[i];
  return NULL;
}

/**
 * ckpt_devices_get_stay:
 * @self: devices
 * @tensor: number of a tensor of the tree
 *
 * Returns: why PyTorch keeps it on the CPU, if it does
 */
CkptStay
ckpt_devices_get_stay (const CkptDevices *self, guint tensor)
{
  g_return_val_if_fail (self != NULL, CKPT_STAY_NONE);

  return tensor < self->n_stays ? self->stays[tensor] : CKPT_STAY_NONE;
}
