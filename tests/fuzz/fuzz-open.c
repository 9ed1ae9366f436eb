/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz-open.h"

#include "ckpt.h"
#include "model/ckpt-tree-private.h"
#include "pickle/ckpt-encoder.h"

#include <sys/mman.h>
#include <unistd.h>

#define MAX_VISITS 2000
#define MAX_VALUES 256

void
fuzz_file_init (FuzzFile *self)
{
  self->fd = memfd_create ("checkpoint", MFD_CLOEXEC);
  g_assert_cmpint (self->fd, >=, 0);
  self->path = g_strdup_printf ("/proc/self/fd/%d", self->fd);
}

void
fuzz_file_clear (FuzzFile *self)
{
  close (self->fd);
  g_free (self->path);
}

void
fuzz_file_set (FuzzFile *self, const void *content, gsize length)
{
  fuzz_file_cut (self, 0);
  g_assert_cmpint (pwrite (self->fd, content, length, 0), ==, (gssize) length);
}

void
fuzz_file_poke (FuzzFile *self, gsize offset, guint8 byte)
{
  g_assert_cmpint (pwrite (self->fd, &byte, 1, offset), ==, 1);
}

void
fuzz_file_cut (FuzzFile *self, gsize length)
{
  g_assert_no_errno (ftruncate (self->fd, length));
}

static void
visit_tensor (CkptTree *tree, const CkptTensor *tensor)
{
  g_autofree guint8 *items = NULL;
  guint64 n = MIN (tensor->numel, MAX_VALUES);

  if (ckpt_tensor_get_unreadable (tree, tensor) != NULL || n == 0)
    return;
  items = g_malloc (n * ckpt_dtype_get_info (tensor->dtype)->item_size);
  ckpt_tensor_read (tree, tensor, 0, n, items, NULL);
  ckpt_tensor_read (tree, tensor, tensor->numel - n, n, items, NULL);
}

static gboolean
visit (CkptTree *tree,
       const CkptPath *path,
       guint depth,
       const CkptChild *child,
       gboolean is_repeat,
       gpointer data)
{
  guint *n_visits = data;
  const CkptTensor *tensor = ckpt_tree_get_node_tensor (tree, child->node);
  g_autofree char *description = NULL;

  if ((*n_visits)++ >= MAX_VISITS)
    return FALSE;
  description = ckpt_tree_describe (tree, child->node);
  g_assert_true (g_utf8_validate (description, -1, NULL));
  if (tensor != NULL)
    visit_tensor (tree, tensor);
  return TRUE;
}

static gboolean
drop (gpointer data, const void *bytes, gsize length, GError **error)
{
  return TRUE;
}

/* Whatever could be read can be written, if it does not end too early for a long text. */
static void
encode (CkptTree *tree)
{
  const CkptSink sink = { .write = drop };
  g_autoptr (GError) error = NULL;
  gboolean is_written = ckpt_encode (ckpt_tree_get_nodes (tree), ckpt_tree_get_archive (tree),
                                     ckpt_tree_get_root (tree), &sink, &error);

  g_assert_true (is_written == (error == NULL));
}

gboolean
fuzz_file_open (FuzzFile *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CkptTree) tree = ckpt_load (self->path, NULL, NULL, NULL, &error);
  guint n_visits = 0;

  g_assert_true ((tree == NULL) == (error != NULL));
  if (tree == NULL)
    {
      g_assert_cmpstr (error->message, !=, "");
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      return FALSE;
    }
  for (guint i = 0; i < ckpt_tree_get_n_warnings (tree); i++)
    g_assert_true (g_utf8_validate (ckpt_tree_get_warning (tree, i)->message, -1, NULL));
  ckpt_tree_walk (tree, ckpt_tree_get_root (tree), visit, &n_visits);
  encode (tree);
  return TRUE;
}
