/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  TEST_DESCRIPTOR_NONE,
  TEST_DESCRIPTOR_32,
  TEST_DESCRIPTOR_64,
} TestDescriptor;

/**
 * TestZipEntry:
 * @name: its name in the directory, and @local_name in its local header
 * @data: its bytes as they are in the file, deflated ones if it is deflated
 * @hole: bytes of zeros that follow @data without taking room on the disk
 *
 * A record of a zip that a test makes: as PyTorch would write it, until a test changes a field.
 */
typedef struct
{
  GBytes *name;
  GBytes *local_name;
  GBytes *data;
  guint64 hole;
  guint16 method;
  guint16 local_method;
  guint16 flags;
  guint16 local_flags;
  guint32 crc;
  guint64 stored_size;
  guint64 size;
  guint64 local_stored_size;
  guint64 local_size;
  TestDescriptor descriptor;
  GBytes *extra; /* of the directory; NULL for what zip64 needs */
  guint32 attributes;
  guint16 made_by;
  gboolean is_listed;
  guint64 header; /* where the directory says that it is; G_MAXUINT64: where it is */
  guint64 offset; /* where its local header is; set by test_zip_write() */
  guint64 data_offset;
} TestZipEntry;

/**
 * TestZip:
 * @alignment: what the data begin at a multiple of; 0 for no padding
 * @has_end64: whether there are zip64 end records
 *
 * A zip that a test makes. -1 is right in place of a number.
 */
typedef struct
{
  GPtrArray *entries;
  guint alignment;
  gboolean has_end64;
  gint64 count;
  gint64 directory_offset;
  gint64 directory_size;
  gint64 end64_offset;
  gint64 end64_count;
  gint64 comment_length;
  guint16 disk;
  GBytes *comment;
  GBytes *suffix;
  guint64 end; /* where the directory begins; set by test_zip_write() */
} TestZip;

TestZip      *test_zip_new          (void);
void          test_zip_free         (TestZip    *self);
TestZipEntry *test_zip_add          (TestZip    *self,
                                     const char *name,
                                     const void *data,
                                     gsize       length);
TestZipEntry *test_zip_add_deflated (TestZip    *self,
                                     const char *name,
                                     const void *data,
                                     gsize       length);
/* data.pkl, byteorder, data/0 and version of a checkpoint {"w": tensor of four floats}, in the folder. */
TestZip      *test_zip_new_torch    (const char *folder);
TestZipEntry *test_zip_get          (TestZip    *self,
                                     guint       index);
/* The pickle of {"w": float tensor of so many elements, storage "0"}. */
GBytes       *test_zip_pickle       (guint64     numel);
char         *test_zip_write        (TestZip    *self,
                                     const char *file_name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestZip, test_zip_free)

G_END_DECLS
