/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ckpt.h"

#include <glib/gstdio.h>
#include <stdio.h>

/* Opens each file that it is given and saves it in a folder, with every part made anew. Prints one line for those that open: path, SAME if
 * the new file is the same, OTHER if it is not but holds the same, or REFUSED and the code of the error. */

static gboolean
is_same (const char *a, const char *b)
{
  g_autofree char *a_bytes = NULL;
  g_autofree char *b_bytes = NULL;
  gsize a_length, b_length;

  g_assert_true (g_file_get_contents (a, &a_bytes, &a_length, NULL));
  g_assert_true (g_file_get_contents (b, &b_bytes, &b_length, NULL));
  return a_length == b_length && memcmp (a_bytes, b_bytes, a_length) == 0;
}

static void
save (CkptTree *tree, const char *path, const char *target)
{
  const CkptSaveOptions options = { .write = { .container = ckpt_tree_get_container (tree), .anew = TRUE } };
  g_autoptr (GError) error = NULL;

  if (!ckpt_save (tree, target, &options, NULL, NULL, NULL, NULL, &error))
    {
      const char *code = ckpt_error_get_code (error);

      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      printf ("%s\tREFUSED\t%s\n", path, code != NULL ? code : error->message);
      return;
    }
  printf ("%s\t%s\t-\n", path, is_same (path, target) ? "SAME" : "OTHER");
  g_remove (target);
}

int
main (int argc, char **argv)
{
  g_autofree char *target = g_build_filename (argv[1], "saved.pt", NULL);

  for (int i = 2; i < argc; i++)
    {
      g_autoptr (CkptTree) tree = ckpt_load (argv[i], NULL, NULL, NULL, NULL);

      if (tree != NULL)
        save (tree, argv[i], target);
      fflush (stdout);
    }
  return 0;
}
