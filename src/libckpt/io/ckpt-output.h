/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "io/ckpt-source.h"

G_BEGIN_DECLS

typedef struct _CkptOutput CkptOutput;

/**
 * CkptOutputFlags:
 * @CKPT_OUTPUT_NEW: there must be nothing under that name yet
 * @CKPT_OUTPUT_KEEP_BACKUP: what is replaced stays under its name with `~` behind it
 * @CKPT_OUTPUT_REPLACE_LINKED: a file with several names is replaced under this one
 * @CKPT_OUTPUT_REPLACE_READ_ONLY: a file that is write-protected is replaced
 * @CKPT_OUTPUT_REPLACE_FOREIGN: a file of another user is replaced by one of this user
 * @CKPT_OUTPUT_REPLACE_CHANGED: what is there is replaced even though it is not what was opened
 *
 * How to save. The REPLACE flags are what a person agreed to, see ckpt_output_get_consent().
 */
typedef enum
{
  CKPT_OUTPUT_DEFAULT = 0,
  CKPT_OUTPUT_NEW = 1 << 0,
  CKPT_OUTPUT_KEEP_BACKUP = 1 << 1,
  CKPT_OUTPUT_REPLACE_LINKED = 1 << 2,
  CKPT_OUTPUT_REPLACE_READ_ONLY = 1 << 3,
  CKPT_OUTPUT_REPLACE_FOREIGN = 1 << 4,
  CKPT_OUTPUT_REPLACE_CHANGED = 1 << 5,
} CkptOutputFlags;

/**
 * CkptOutputNotes:
 * @CKPT_OUTPUT_UNCONFIRMED: the disk did not confirm that the new file is in its place
 * @CKPT_OUTPUT_LOST_OWNER: the file belongs to this user now
 * @CKPT_OUTPUT_LOST_GROUP: it belongs to another group, whose members may not touch it
 * @CKPT_OUTPUT_LOST_MODE: its permissions are not what they were
 * @CKPT_OUTPUT_LOST_ACL: its access control list is gone, and the group may not touch it
 * @CKPT_OUTPUT_LOST_ATTRIBUTES: some of its extended attributes are gone
 * @CKPT_OUTPUT_LOST_BACKUP: what was replaced could not be kept
 *
 * What a person should know of a file that was saved.
 */
typedef enum
{
  CKPT_OUTPUT_FINE = 0,
  CKPT_OUTPUT_UNCONFIRMED = 1 << 0,
  CKPT_OUTPUT_LOST_OWNER = 1 << 1,
  CKPT_OUTPUT_LOST_GROUP = 1 << 2,
  CKPT_OUTPUT_LOST_MODE = 1 << 3,
  CKPT_OUTPUT_LOST_ACL = 1 << 4,
  CKPT_OUTPUT_LOST_ATTRIBUTES = 1 << 5,
  CKPT_OUTPUT_LOST_BACKUP = 1 << 6,
} CkptOutputNotes;

/**
 * CkptOutputOptions:
 * @flags: how
 * @replaced: (nullable): the open file that is to be replaced; saving ends if the path leads to anything else
 * @size: bytes of the new file, or 0 if they are not known; then no room is looked for before writing begins
 * @origin: (nullable): the file that most bytes are copied from
 * @n_copied: how many of @size these are. They need no room where the file system shares blocks
 * @progress: (nullable): told of bytes written and @size, at least every 4 MiB
 * @progress_data: for @progress
 * @cancellable: (nullable): looked at as often, and when ckpt_output_commit() begins
 *
 * All zero is good for a new file.
 */
typedef struct
{
  CkptOutputFlags flags;
  CkptSource *replaced;
  guint64 size;
  CkptSource *origin;
  guint64 n_copied;
  CkptProgressFunc progress;
  gpointer progress_data;
  GCancellable *cancellable;
} CkptOutputOptions;

/**
 * CkptOutputCounts:
 * @n_cloned: bytes whose blocks are shared with another file
 * @n_copied: bytes that the kernel copied
 * @n_written: bytes that passed through memory
 */
typedef struct
{
  guint64 n_cloned;
  guint64 n_copied;
  guint64 n_written;
} CkptOutputCounts;

CKPT_EXPORT CkptOutput       *ckpt_output_open         (const char              *path,
                                                        const CkptOutputOptions *options,
                                                        GError                 **error);
CKPT_EXPORT void              ckpt_output_free         (CkptOutput              *self);
CKPT_EXPORT const char       *ckpt_output_get_path     (CkptOutput              *self);
CKPT_EXPORT char             *ckpt_output_dup_temporary (CkptOutput             *self);
CKPT_EXPORT guint64           ckpt_output_get_position (CkptOutput              *self);
CKPT_EXPORT gboolean          ckpt_output_write        (CkptOutput              *self,
                                                        const void              *bytes,
                                                        gsize                    length,
                                                        GError                 **error);
CKPT_EXPORT gboolean          ckpt_output_copy         (CkptOutput              *self,
                                                        CkptSource              *from,
                                                        guint64                  offset,
                                                        guint64                  length,
                                                        guint32                 *crc,
                                                        GError                 **error);
CKPT_EXPORT void              ckpt_output_get_counts   (CkptOutput              *self,
                                                        CkptOutputCounts        *counts);
/* Bytes of a block where blocks can be shared with the file that most bytes come from, or 0. */
guint                         ckpt_output_get_clone_block (CkptOutput           *self);
CKPT_EXPORT CkptSource       *ckpt_output_open_source  (CkptOutput              *self,
                                                        GError                 **error);
CKPT_EXPORT gboolean          ckpt_output_commit       (CkptOutput              *self,
                                                        CkptOutputNotes         *notes,
                                                        GError                 **error);

CKPT_EXPORT CkptOutputFlags   ckpt_output_get_consent  (const GError            *error);
CKPT_EXPORT char            **ckpt_output_list_notes   (CkptOutputNotes          notes);

CKPT_EXPORT char            **ckpt_output_find_strays  (const char              *path);
CKPT_EXPORT gboolean          ckpt_output_remove_stray (const char              *path,
                                                        GError                 **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CkptOutput, ckpt_output_free)

G_END_DECLS
