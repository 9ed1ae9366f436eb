/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * save-file IN OUT [KEEP]: writes a file that is made from IN in every way that there is, in place of OUT. Prints why it could not,
 * and what is to be known of the saved file. With a third argument the former file is kept.
 */
#include <stdio.h>

#include "ckpt.h"

#define LARGE ((guint64) 100000)

static gboolean
write_all (CkptOutput *output, CkptSource *source, GError **error)
{
  guint32 crc = 0;

  return ckpt_output_write (output, "head", 4, error) &&
         ckpt_output_copy (output, source, 5, LARGE, NULL, error) &&
         ckpt_output_copy (output, source, 7, 100, NULL, error) &&
         ckpt_output_copy (output, source, 9, LARGE, &crc, error) &&
         ckpt_output_write (output, &crc, sizeof crc, error);
}

/* Reads the new file once before it is put in its place, as a program that verifies it does. */
static gboolean
verify (CkptOutput *output, GError **error)
{
  g_autoptr (CkptSource) source = ckpt_output_open_source (output, error);
  char head[4];

  return source != NULL && ckpt_source_read (source, 0, head, sizeof head, error);
}

static gboolean
save (const char *from, const char *path, gboolean is_kept, CkptOutputNotes *notes, GError **error)
{
  g_autoptr (CkptSource) source = ckpt_source_open (from, error);
  g_autoptr (CkptOutput) output = NULL;
  CkptOutputOptions options = { .size = 2 * LARGE + 108, .origin = source, .n_copied = 2 * LARGE };

  if (source == NULL)
    return FALSE;
  if (g_str_equal (from, path))
    options.replaced = source;
  if (is_kept)
    options.flags = CKPT_OUTPUT_KEEP_BACKUP;
  output = ckpt_output_open (path, &options, error);
  return output != NULL && write_all (output, source, error) && verify (output, error) &&
         ckpt_output_commit (output, notes, error);
}

int
main (int argc, char *argv[])
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) sentences = NULL;
  CkptOutputNotes notes = CKPT_OUTPUT_FINE;

  if (argc < 3)
    return 2;
  if (!save (argv[1], argv[2], argc > 3, &notes, &error))
    {
      printf ("%s [%s]\n", error->message, ckpt_error_get_code (error));
      return 1;
    }
  sentences = ckpt_output_list_notes (notes);
  for (gsize i = 0; sentences[i] != NULL; i++)
    printf ("%s\n", sentences[i]);
  return 0;
}
