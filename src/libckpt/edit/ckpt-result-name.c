/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "edit/ckpt-result-name.h"

#include <string.h>

/* Endings of names that people give to checkpoints. */
static const char *const endings[] = {
  ".pth.tar", ".pt.tar", ".safetensors", ".ckpt", ".model", ".bin", ".pth", ".pkl", ".tar", ".pt", ".th",
};

/* Those among them that a file of another kind must not have. */
static gboolean
is_of_other_kind (const char *ending, CkptContainer container)
{
  if (container == CKPT_CONTAINER_SAFETENSORS)
    return strcmp (ending, ".safetensors") != 0;
  return strcmp (ending, ".safetensors") == 0 || g_str_has_suffix (ending, ".tar") ||
         strcmp (ending, ".pkl") == 0;
}

/**
 * ckpt_result_name_new:
 * @path: (type filename): the file that something is made of
 * @word: what is made: "cpu", "edited"
 * @container: what it is written as
 *
 * Makes up a name beside @path that is not @path: `model.cpu.pt` for `model.pt`. The ending stays if it says what the new file is.
 *
 * Returns: (transfer full) (type filename): the name
 */
char *
ckpt_result_name_new (const char *path, const char *word, CkptContainer container)
{
  const char *ending = "";
  gsize length;

  for (guint i = 0; i < G_N_ELEMENTS (endings) && *ending == '\0'; i++)
    if (g_str_has_suffix (path, endings[i]))
      ending = endings[i];
  length = strlen (path) - strlen (ending);
  /* A name that is all ending is a name without one. */
  if (length == 0 || path[length - 1] == '/')
    {
      length = strlen (path);
      ending = "";
    }
  if (*ending == '\0' || is_of_other_kind (ending, container))
    ending = container == CKPT_CONTAINER_SAFETENSORS ? ".safetensors" : ".pt";
  return g_strdup_printf ("%.*s.%s%s", (int) length, path, word, ending);
}
