/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-device.h"

#include <string.h>

/* GPUs that one computer may have. */
#define MAX_GPUS 64u

/* The number of GPUs for which the kernel has made devices. */
static guint
count_gpus (void)
{
  for (guint n = 0;; n++)
    {
      g_autofree char *path = g_strdup_printf ("/dev/nvidia%u", n);

      if (n == MAX_GPUS || !g_file_test (path, G_FILE_TEST_EXISTS))
        return n;
    }
}

/**
 * stateroom_device_is_here:
 * @tag: where a tensor was when it was saved
 *
 * Returns: whether this computer has such a device
 */
gboolean
stateroom_device_is_here (const char *tag)
{
  guint64 index;

  if (g_str_has_prefix (tag, "cpu") || g_str_equal (tag, "meta"))
    return TRUE;
  if (g_str_equal (tag, "cuda"))
    return count_gpus () > 0;
  return g_str_has_prefix (tag, "cuda:") &&
         g_ascii_string_to_unsigned (tag + strlen ("cuda:"), 10, 0, MAX_GPUS - 1, &index, NULL) &&
         index < count_gpus ();
}

/**
 * stateroom_device_dup_missing:
 * @tree: a file
 *
 * Returns: (transfer full) (nullable): the device of the first storage whose device this computer does not have
 */
char *
stateroom_device_dup_missing (CkptTree *tree)
{
  const char *last = NULL;

  for (guint i = 0; i < ckpt_tree_get_n_storages (tree); i++)
    {
      const char *tag = ckpt_tree_get_storage (tree, i)->location;

      /* Most files have one tag only. */
      if (!ckpt_tree_has_storage (tree, i) || tag == NULL || g_strcmp0 (tag, last) == 0)
        continue;
      if (!stateroom_device_is_here (tag))
        return g_strdup (tag);
      last = tag;
    }
  return NULL;
}
