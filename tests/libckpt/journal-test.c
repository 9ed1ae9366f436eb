/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Edits that a crash must not lose. */
#include "test-files.h"
#include "test-tree.h"

#include "edit/ckpt-document.h"
#include "edit/ckpt-journal.h"
#include "edit/ckpt-recipe.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

static CkptSource *
open_file (const char *name, const char *content)
{
  g_autofree char *path = test_files_write (name, content, strlen (content));
  g_autoptr (GError) error = NULL;
  CkptSource *source = ckpt_source_open (path, &error);

  g_assert_no_error (error);
  return source;
}

static char *
read_journal (CkptSource *source, gboolean *is_same)
{
  g_autoptr (CkptJournal) journal = ckpt_journal_new (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) edits = ckpt_journal_read (journal, is_same, &error);

  g_assert_no_error (error);
  return ckpt_recipe_to_string (edits);
}

static void
write_journal (CkptSource *source, const char *recipe)
{
  g_autoptr (CkptJournal) journal = ckpt_journal_new (source);
  g_autoptr (GPtrArray) edits = ckpt_recipe_parse (recipe, NULL);
  g_autoptr (GError) error = NULL;

  ckpt_journal_write (journal, edits, &error);
  g_assert_no_error (error);
}

static guint
count_files (const char *folder)
{
  g_autoptr (GDir) entries = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (entries != NULL && g_dir_read_name (entries) != NULL)
    n++;
  return n;
}

static char *
get_folder (void)
{
  return g_build_filename (g_get_user_state_dir (), "stateroom", "pending", NULL);
}

static void
test_write (void)
{
  g_autoptr (CkptSource) source = open_file ("na\nme %41\xff.pt", "a");
  g_autofree char *folder = get_folder ();
  g_auto (GStrv) files = NULL;
  g_autofree char *recipe = NULL, *none = NULL;
  gboolean is_same;
  struct stat info;

  write_journal (source, "device a=b\n");
  write_journal (source, "device a=b\ndevice 'c\nd=e'\n");
  recipe = read_journal (source, &is_same);
  g_assert_cmpstr (recipe, ==, "device a=b\ndevice 'c\nd=e'\n");
  g_assert_true (is_same);

  files = ckpt_journal_list_files ();
  g_assert_cmpuint (g_strv_length (files), ==, 1);
  g_assert_cmpstr (files[0], ==, ckpt_source_get_path (source));
  g_assert_cmpint (stat (folder, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 0777, ==, 0700);

  write_journal (source, "");
  g_assert_cmpuint (count_files (folder), ==, 0);
  none = read_journal (source, &is_same);
  g_assert_cmpstr (none, ==, "");
}

/* A file that is no longer what it was; another file. */
static void
test_changed (void)
{
  g_autoptr (CkptSource) source = open_file ("changed.pt", "a");
  g_autoptr (CkptSource) other = open_file ("other.pt", "a");
  g_autoptr (CkptSource) changed = NULL;
  g_autofree char *recipe = NULL, *of_other = NULL;
  gboolean is_same;

  write_journal (source, "device a=b\n");
  changed = open_file ("changed.pt", "ab");
  recipe = read_journal (changed, &is_same);
  g_assert_cmpstr (recipe, ==, "device a=b\n");
  g_assert_false (is_same);
  of_other = read_journal (other, &is_same);
  g_assert_cmpstr (of_other, ==, "");
  write_journal (source, "");
}

/* A journal cut at any byte is none; so is something else under its name. */
static void
test_cut (void)
{
  g_autoptr (CkptSource) source = open_file ("cut.pt", "a");
  g_autofree char *folder = get_folder ();
  g_autoptr (GDir) entries = NULL;
  g_autofree char *path = NULL, *text = NULL;
  gsize length;

  write_journal (source, "device a=b\ndevice c=d\n");
  entries = g_dir_open (folder, 0, NULL);
  path = g_build_filename (folder, g_dir_read_name (entries), NULL);
  g_assert_true (g_file_get_contents (path, &text, &length, NULL));
  for (gsize n = 0; n < length; n++)
    {
      g_autofree char *recipe = NULL;
      gboolean is_same = TRUE;

      g_assert_true (g_file_set_contents (path, text, (gssize) n, NULL));
      recipe = read_journal (source, &is_same);
      g_assert_cmpstr (recipe, ==, "");
      g_assert_false (is_same);
    }
  g_unlink (path);
}

/* Edits of a later version of the program cannot be read; that is said. */
static void
test_unknown (void)
{
  g_autoptr (CkptSource) source = open_file ("unknown.pt", "a");
  g_autoptr (CkptJournal) journal = ckpt_journal_new (source);
  g_autofree char *folder = get_folder ();
  g_autoptr (GDir) entries = NULL;
  g_autofree char *path = NULL, *text = NULL;
  g_autoptr (GError) error = NULL;
  gboolean is_same;
  char *verb;

  write_journal (source, "device a=b\n");
  entries = g_dir_open (folder, 0, NULL);
  path = g_build_filename (folder, g_dir_read_name (entries), NULL);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  verb = strstr (text, "device");
  memcpy (verb, "levite", 6);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_assert_null (ckpt_journal_read (journal, &is_same, &error));
  g_assert_cmpstr (ckpt_error_get_code (error), ==, "no-such-verb");
  ckpt_journal_remove (journal);
}

static void
check_pending (CkptTree *tree, const char *expected)
{
  gboolean is_same;
  g_autofree char *recipe = read_journal (ckpt_tree_get_source (tree), &is_same);

  g_assert_cmpstr (recipe, ==, expected);
}

/* A document writes what is pending whenever that changes, and removes it when there is nothing to lose. */
static void
test_document (void)
{
  g_autoptr (CkptTree) tree = test_tree_new ("} 'w' " TEST_TENSOR ("0") "s", CKPT_PERSISTENT_ZIP);
  g_autoptr (CkptTree) saved = test_tree_new ("} 'w' " TEST_TENSOR ("0") "s", CKPT_PERSISTENT_ZIP);
  g_autoptr (CkptDocument) document = ckpt_document_new (tree);
  g_autoptr (CkptEdit) edit = ckpt_edit_parse ("device cpu=cuda:0", NULL);
  g_autoptr (CkptEdit) back = ckpt_edit_parse ("device '*=cpu'", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (ckpt_document_apply (document, edit, NULL, &error));
  check_pending (tree, "");
  ckpt_document_keep_journal (document);
  check_pending (tree, "device cpu=cuda:0\n");
  ckpt_document_undo (document);
  check_pending (tree, "");
  ckpt_document_redo (document);
  g_assert_true (ckpt_document_apply (document, back, NULL, &error));
  check_pending (tree, "device cpu=cuda:0\ndevice '*=cpu'\n");

  ckpt_document_set_saved (document, saved);
  check_pending (saved, "");
  g_assert_true (ckpt_document_apply (document, edit, NULL, &error));
  check_pending (saved, "device cpu=cuda:0\n");

  /* A crash: the document never got to close. */
  g_clear_object (&document);
  check_pending (saved, "device cpu=cuda:0\n");
  document = ckpt_document_new (saved);
  g_assert_true (ckpt_document_apply (document, edit, NULL, &error));
  ckpt_document_keep_journal (document);
  check_pending (saved, "device cpu=cuda:0\n");
  ckpt_document_close (document);
  check_pending (saved, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/journal/write", test_write);
  g_test_add_func ("/journal/changed", test_changed);
  g_test_add_func ("/journal/cut", test_cut);
  g_test_add_func ("/journal/unknown", test_unknown);
  g_test_add_func ("/journal/document", test_document);
  return g_test_run ();
}
