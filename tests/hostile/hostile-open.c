/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ckpt.h"

#include <stdio.h>
#include <sys/resource.h>

/* Opens each file that it is given, goes through everything that a view would ask for, and prints one line: path, OPEN, WARN or REFUSE,
 * the code of the error or the codes of the warnings, the offset in the record of the first one. */

#define MAX_VALUES  4096
#define MAX_TENSORS 2000
#define MAX_WALKED  200000

typedef struct
{
  guint n_values;
  guint n_tensors;
} Walk;

/* Reads the edges of a tensor, and its statistics where it is small, as a page of the inspector does. */
static void
visit_tensor (CkptTree *tree, const CkptTensor *tensor)
{
  g_autofree char *shape = ckpt_tensor_shape_to_string (tensor);
  g_autofree char *text = NULL;
  CkptStats stats;

  if (ckpt_tensor_get_unreadable (tree, tensor) != NULL)
    return;
  text = ckpt_tensor_print (tree, tensor, NULL);
  if (tensor->numel <= MAX_VALUES)
    ckpt_stats_compute (tree, tensor, NULL, NULL, NULL, &stats, NULL);
}

static gboolean
visit (CkptTree *tree,
       const CkptPath *path,
       guint depth,
       const CkptChild *child,
       gboolean is_repeat,
       gpointer data)
{
  Walk *walk = data;
  const CkptTensor *tensor = ckpt_tree_get_node_tensor (tree, child->node);
  g_autofree char *text = NULL;
  g_autofree char *description = NULL;

  if (walk->n_values++ >= MAX_WALKED)
    return FALSE;
  if (depth < 100)
    text = ckpt_path_to_string (path, tree);
  description = ckpt_tree_describe (tree, child->node);
  g_assert_true (g_utf8_validate (description, -1, NULL));
  g_assert_true (text == NULL || g_utf8_validate (text, -1, NULL));
  if (tensor != NULL && walk->n_tensors++ < MAX_TENSORS)
    visit_tensor (tree, tensor);
  return TRUE;
}

static void
print_warnings (CkptTree *tree)
{
  g_autoptr (GHashTable) codes = g_hash_table_new (g_str_hash, g_str_equal);
  const CkptWarning *first = ckpt_tree_get_warning (tree, 0);
  const char *separator = "";

  printf ("WARN\t");
  for (guint i = 0; i < ckpt_tree_get_n_warnings (tree); i++)
    {
      const CkptWarning *warning = ckpt_tree_get_warning (tree, i);

      g_assert_true (g_utf8_validate (warning->message, -1, NULL));
      if (!g_hash_table_add (codes, warning->place.code))
        continue;
      printf ("%s%s", separator, warning->place.code);
      separator = ",";
    }
  if (first->place.offset == CKPT_NO_OFFSET)
    printf ("\t-\n");
  else
    printf ("\t%" G_GUINT64_FORMAT "\n", first->place.offset);
}

static void
print_error (const GError *error)
{
  const CkptPlace *place = ckpt_error_get_place (error);
  const char *code = ckpt_error_get_code (error);

  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  printf ("REFUSE\t%s", code != NULL ? code : g_quark_to_string (error->domain));
  if (place == NULL || place->offset == CKPT_NO_OFFSET)
    printf ("\t-\n");
  else
    printf ("\t%" G_GUINT64_FORMAT "\n", place->offset);
}

static void
open_file (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CkptTree) tree = ckpt_load (path, NULL, NULL, NULL, &error);
  g_autoptr (CkptSummary) summary = NULL;
  Walk walk = { 0 };

  printf ("%s\t", path);
  if (tree == NULL)
    {
      print_error (error);
      return;
    }

  ckpt_tree_walk (tree, ckpt_tree_get_root (tree), visit, &walk);
  summary = ckpt_summary_new (tree);
  if (ckpt_tree_get_n_warnings (tree) > 0)
    print_warnings (tree);
  else
    printf ("OPEN\t-\t-\n");
}

int
main (int argc, char **argv)
{
  struct rusage usage;

  for (int i = 1; i < argc; i++)
    open_file (argv[i]);
  getrusage (RUSAGE_SELF, &usage);
  printf ("#\t%ld\n", usage.ru_maxrss);
  return 0;
}
