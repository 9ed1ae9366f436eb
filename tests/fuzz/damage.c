/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ckpt.h"

#include "fuzz-open.h"

#include <stdlib.h>
#include <string.h>

/* Damages checkpoints in every way that is small: cut at every length, every byte flipped in several bits. Each must end in a tree or in an
 * error. Bytes of tensors are damaged at every 97th place only, unless SOAK is in the environment.
 *
 * Arguments: files; or a folder, a part and the number of parts, of which each takes its share of the files. */

#define PAYLOAD_STEP 97
#define PADDING      'Z' /* of PyTorch's zips */

typedef struct
{
  char *name;
  char *path;
} Fixture;

static void
fixture_free (Fixture *self)
{
  g_free (self->name);
  g_free (self->path);
  g_free (self);
}

/* TRUE for each byte of the file that belongs to a storage, or to the padding in front of one. */
static GByteArray *
find_payload (const char *path, const char *content, gsize length)
{
  g_autoptr (CkptTree) tree = ckpt_load (path, NULL, NULL, NULL, NULL);
  GByteArray *payload = g_byte_array_new ();
  guint64 start;

  g_byte_array_set_size (payload, length);
  memset (payload->data, FALSE, length);
  for (guint i = 0; tree != NULL && i < ckpt_tree_get_n_storages (tree); i++)
    {
      const CkptStorage *storage = ckpt_tree_get_storage (tree, i);

      if (storage->record == CKPT_NO_RECORD ||
          !ckpt_archive_locate (ckpt_tree_get_archive (tree), storage->record, &start, NULL))
        continue;
      start += storage->record_offset;
      if (start < length && storage->n_bytes_present <= length - start)
        memset (payload->data + start, TRUE, storage->n_bytes_present);
    }
  for (gsize i = 1; i + 1 < length; i++)
    payload->data[i] |= content[i - 1] == PADDING && content[i] == PADDING && content[i + 1] == PADDING;
  return payload;
}

static gboolean
is_wanted (GByteArray *payload, gsize offset)
{
  return g_getenv ("SOAK") != NULL || !payload->data[offset] || offset % PAYLOAD_STEP == 0;
}

/* From the end, so that each cut is one call. */
static void
test_cut (gconstpointer data)
{
  const Fixture *fixture = data;
  g_autofree char *content = NULL;
  g_autoptr (GByteArray) payload = NULL;
  FuzzFile file;
  gsize length;

  g_assert_true (g_file_get_contents (fixture->path, &content, &length, NULL));
  payload = find_payload (fixture->path, content, length);
  fuzz_file_init (&file);
  fuzz_file_set (&file, content, length);
  for (gsize end = length; end-- > 0;)
    if (is_wanted (payload, end))
      {
        fuzz_file_cut (&file, end);
        fuzz_file_open (&file);
      }
  g_assert_false (fuzz_file_open (&file));
  fuzz_file_clear (&file);
}

static void
test_flip (gconstpointer data)
{
  static const guint8 masks[] = { 0x01, 0x80, 0xff };
  const Fixture *fixture = data;
  g_autofree char *content = NULL;
  g_autoptr (GByteArray) payload = NULL;
  FuzzFile file;
  gsize length;

  g_assert_true (g_file_get_contents (fixture->path, &content, &length, NULL));
  payload = find_payload (fixture->path, content, length);
  fuzz_file_init (&file);
  fuzz_file_set (&file, content, length);
  for (gsize i = 0; i < length; i++)
    {
      if (!is_wanted (payload, i))
        continue;
      for (gsize m = 0; m < (g_getenv ("SOAK") != NULL ? G_N_ELEMENTS (masks) : 1); m++)
        {
          fuzz_file_poke (&file, i, content[i] ^ masks[(i + m) % G_N_ELEMENTS (masks)]);
          fuzz_file_open (&file);
        }
      fuzz_file_poke (&file, i, content[i]);
    }
  fuzz_file_clear (&file);
}

static void
add_fixture (const char *path)
{
  Fixture *fixture = g_new0 (Fixture, 1);
  g_autofree char *cut = NULL;
  g_autofree char *flip = NULL;

  fixture->path = g_strdup (path);
  fixture->name = g_path_get_basename (path);
  cut = g_strdup_printf ("/damage/cut/%s", fixture->name);
  flip = g_strdup_printf ("/damage/flip/%s", fixture->name);
  g_test_add_data_func_full (cut, fixture, test_cut, NULL);
  g_test_add_data_func_full (flip, fixture, test_flip, (GDestroyNotify) fixture_free);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Every @n_parts-th file of a folder. */
static void
add_folder (const char *path, guint part, guint n_parts)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  g_assert_nonnull (folder);
  while ((name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);

      if (g_file_test (file, G_FILE_TEST_IS_REGULAR))
        g_ptr_array_add (names, g_steal_pointer (&file));
    }
  g_ptr_array_sort (names, compare_names);
  for (guint i = part; i < names->len; i += n_parts)
    add_fixture (g_ptr_array_index (names, i));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (argc == 4 && g_file_test (argv[1], G_FILE_TEST_IS_DIR))
    add_folder (argv[1], atoi (argv[2]), atoi (argv[3]));
  else
    for (int i = 1; i < argc; i++)
      add_fixture (argv[i]);
  return g_test_run ();
}
