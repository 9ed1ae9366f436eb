/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/ckpt-load.h"
#include "formats/ckpt-zip-writer.h"

#include <stdio.h>
#include <string.h>

/* Compares a zip with what would be written if it was saved anew, but for the bytes of its records: so a file of many gigabytes that has
 * none of them on the disk takes no room. Prints how many records were compared. */

static void
compare (CkptSource *source, guint64 offset, GByteArray *wanted, const char *what, guint index)
{
  g_autofree guint8 *found = g_malloc (MAX (wanted->len, 1));
  g_autoptr (GError) error = NULL;

  if (!ckpt_source_read (source, offset, found, wanted->len, &error))
    g_error ("%s", error->message);
  for (guint i = 0; i < wanted->len; i++)
    if (found[i] != wanted->data[i])
      g_error ("%s of record %u differs in byte %u: %02x, not %02x", what, index, i, wanted->data[i],
               found[i]);
  g_byte_array_set_size (wanted, 0);
}

static void
compare_record (CkptSource *source, const CkptZipMember *member, GByteArray *bytes, guint index)
{
  ckpt_zip_member_put_local (member, bytes);
  g_assert_cmpuint (bytes->len, ==, ckpt_zip_member_get_data (member) - member->header);
  compare (source, member->header, bytes, "the header", index);
  ckpt_zip_member_put_descriptor (member, bytes);
  g_assert_cmpuint (bytes->len, ==,
                    ckpt_zip_member_get_end (member) - ckpt_zip_member_get_data (member) -
                        member->stored_size);
  compare (source, ckpt_zip_member_get_data (member) + member->stored_size, bytes, "the descriptor", index);
}

int
main (int argc, char **argv)
{
  const CkptWriteOptions options = { .container = CKPT_CONTAINER_TORCH_ZIP, .anew = TRUE };
  g_autoptr (GError) error = NULL;
  g_autoptr (CkptTree) tree = ckpt_load (argv[1], NULL, NULL, NULL, &error);
  g_autoptr (CkptPlan) plan = tree != NULL ? ckpt_plan_new (tree, &options, NULL, &error) : NULL;
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  CkptZipWriter *zip;
  CkptSource *source;

  if (plan == NULL)
    g_error ("%s", error->message);
  zip = plan->data;
  source = ckpt_tree_get_source (tree);
  for (guint i = 0; i < zip->members->len; i++)
    {
      CkptZipMember *member = &g_array_index (zip->members, CkptZipMember, i);

      member->crc = ckpt_plan_get_record (plan, i)->payload.crc;
      compare_record (source, member, bytes, i);
    }
  for (guint i = 0; i < zip->members->len; i++)
    ckpt_zip_member_put_central (&g_array_index (zip->members, CkptZipMember, i), bytes);
  ckpt_zip_put_end (zip->members->len, zip->directory, zip->directory_size, bytes);
  g_assert_cmpuint (zip->directory + bytes->len, ==, ckpt_plan_get_size (plan));
  g_assert_cmpuint (ckpt_plan_get_size (plan), ==, ckpt_source_get_size (source));
  compare (source, zip->directory, bytes, "the directory", 0);
  printf ("%u\n", zip->members->len);
  return 0;
}
