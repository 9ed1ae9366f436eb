/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "formats/ckpt-format.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* PyTorch 0.1 saved a tar of four members: sys_info, pickle, tensors and storages. The members are listed and the pickle is shown;
 * its tensors stay persistent ids. Nothing is extracted, and links are not followed. */

#define BLOCK       512
#define MAX_MEMBERS 10000

typedef struct
{
  char name[101];
  guint64 size;
  char type;
} Member;

static gboolean
recognises_tar (const guint8 *head, gsize length, guint64 file_size)
{
  return length >= BLOCK && memcmp (head + 257, "ustar", 5) == 0;
}

static gboolean
fail (GError **error, guint64 offset, const char *code, CkptError domain_code, const char *sentence)
{
  return ckpt_error_set_at (error, domain_code, code, NULL, CKPT_NO_OFFSET, offset, "%s", sentence);
}

/* Octal text, or for large members a big-endian number whose first byte has its top bit set. */
static gboolean
parse_size (const guint8 *field, guint64 *size)
{
  guint64 value = 0;

  if (field[0] & 0x80)
    {
      if (field[0] != 0x80 || field[1] != 0 || field[2] != 0 || field[3] != 0 || field[4] & 0x80)
        return FALSE;
      for (guint i = 4; i < 12; i++)
        value = value << 8 | field[i];
      *size = value;
      return TRUE;
    }

  for (guint i = 0; i < 12 && field[i] != '\0' && field[i] != ' '; i++)
    {
      if (field[i] < '0' || field[i] > '7')
        return FALSE;
      value = value << 3 | (field[i] - '0');
    }
  *size = value;
  return TRUE;
}

/* The checksum counts its own field as spaces. */
static gboolean
has_right_checksum (const guint8 *block)
{
  guint64 written;
  guint64 sum = 0;
  guint8 field[12] = { 0 };

  memcpy (field, block + 148, 8);
  for (guint i = 0; i < BLOCK; i++)
    sum += i >= 148 && i < 156 ? ' ' : block[i];
  return parse_size (field, &written) && written == sum;
}

static gboolean
parse_member (const guint8 *block, guint64 offset, Member *member, GError **error)
{
  if (!has_right_checksum (block))
    return fail (error, offset, "tar-checksum", CKPT_ERROR_MALFORMED,
                 _ ("The checksum of a member of this tar archive is wrong."));
  if (!parse_size (block + 124, &member->size))
    return fail (error, offset + 124, "tar-size", CKPT_ERROR_MALFORMED,
                 _ ("The size of a member of this tar archive is not a number that can be."));

  memcpy (member->name, block, 100);
  member->name[100] = '\0';
  member->type = block[156];
  return TRUE;
}

static gboolean
add_member (CkptLoader *loader, const Member *member, guint64 data, GError **error)
{
  guint index;

  if (member->type != '0' && member->type != '\0')
    {
      if (strcmp (member->name, "storages") == 0 || strcmp (member->name, "tensors") == 0 ||
          strcmp (member->name, "pickle") == 0)
        return fail (error, data - BLOCK, "tar-link", CKPT_ERROR_MALFORMED,
                     _ ("A part of this tar archive is a link or a device, not a file."));
      ckpt_warnings_add (loader->warnings, "tar-not-a-file", member->name, data - BLOCK,
                         _ ("A member of this tar archive is no file; it is passed over."));
      return TRUE;
    }

  if (ckpt_archive_find (loader->archive, member->name, &index))
    return fail (error, data - BLOCK, "record-twice", CKPT_ERROR_MALFORMED,
                 _ ("A name appears twice in this tar archive, and programs disagree on which one counts."));
  if (member->name[0] == '/' || strstr (member->name, "..") != NULL)
    ckpt_warnings_add (
        loader->warnings, "record-name", member->name, data - BLOCK,
        _ ("A member of this tar archive has a name that points elsewhere. Nothing is written anywhere."));

  ckpt_archive_add (loader->archive, member->name, -1, data, member->size);
  return TRUE;
}

static gboolean
is_zero (const guint8 *block)
{
  for (guint i = 0; i < BLOCK; i++)
    if (block[i] != 0)
      return FALSE;
  return TRUE;
}

static gboolean
list_members (CkptLoader *loader, GError **error)
{
  guint64 size = ckpt_source_get_size (loader->source);
  guint64 position = 0;
  guint8 block[BLOCK];
  Member member;

  for (guint i = 0; size - position >= BLOCK; i++)
    {
      if (i == MAX_MEMBERS)
        return fail (error, position, "tar-members", CKPT_ERROR_LIMIT,
                     _ ("This tar archive has more members than are read."));
      if (!ckpt_source_read (loader->source, position, block, BLOCK, error))
        return FALSE;
      if (is_zero (block))
        break;
      if (!parse_member (block, position, &member, error))
        return FALSE;

      position += BLOCK;
      if (member.size > size - position)
        return fail (
            error, position, "tar-cut", CKPT_ERROR_TRUNCATED,
            _ ("A member of this tar archive goes beyond the end of the file. The download may not have finished."));
      if (!add_member (loader, &member, position, error))
        return FALSE;
      position += MIN (size - position, (member.size + BLOCK - 1) / BLOCK * BLOCK);
    }
  return TRUE;
}

static gboolean
load_tar (CkptLoader *loader, GError **error)
{
  static const char *const parts[] = { "pickle", "storages", "tensors" };
  g_autoptr (CkptReader) reader = NULL;
  CkptPickleInfo info;
  guint index;

  ckpt_tree_set_container (loader->tree, CKPT_CONTAINER_TAR,
                           _ ("PyTorch checkpoint in the tar format before 0.2; its tensors are not read"));
  if (!list_members (loader, error))
    return FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    if (!ckpt_archive_find (loader->archive, parts[i], &index))
      return fail (
          error, CKPT_NO_OFFSET, "tar-part-missing", CKPT_ERROR_NOT_RECOGNIZED,
          _ ("This is a tar archive, but not one that PyTorch wrote. Unpack it and open what is inside."));

  ckpt_archive_find (loader->archive, parts[0], &index);
  reader = ckpt_reader_new (loader->archive, index);
  return ckpt_loader_decode_root (loader, reader, &info, error) &&
         ckpt_tree_recognise (loader->tree, CKPT_PERSISTENT_OTHER, NULL, NULL, error);
}

const CkptFormat ckpt_format_tar = {
  .name = "tar",
  .recognises = recognises_tar,
  .load = load_tar,
};
