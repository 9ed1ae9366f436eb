/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <sys/stat.h>

#include "io/ckpt-output.h"

G_BEGIN_DECLS

#define CKPT_OUTPUT_BLOCK ((gsize) 4 << 20) /* between two looks at the cancellable */

/**
 * CkptOutputTarget:
 * @path: where the file goes, all links resolved
 * @folder: a descriptor of the folder, which all calls are relative to
 * @folder_status: of the folder
 * @name: (not nullable): the name in it
 * @exists: whether there is a file under that name
 * @status: of that file
 */
typedef struct
{
  char *path;
  int folder;
  struct stat folder_status;
  char *name;
  gboolean exists;
  struct stat status;
} CkptOutputTarget;

struct _CkptOutput
{
  CkptOutputTarget target;
  CkptOutputOptions options; /* holds references */
  char *temporary;           /* its name in the folder; NULL once it is gone */
  int fd;
  guint64 position; /* bytes in the file; behind them come those of the buffer */
  guint8 *buffer;
  gsize n_buffered;
  guint64 reserved;      /* size that the file was given at first */
  guint64 n_started;     /* bytes that the system was told to begin writing to the disk */
  GPtrArray *sources;    /* all that was copied from */
  gboolean can_clone;    /* the file system shares blocks between @origin and the new file */
  gboolean cannot_range; /* copy_file_range() was refused */
  CkptOutputCounts counts; /* @n_written is what the others leave */
  gboolean is_ended;     /* nothing more is written */
  GError *failure;       /* what ended it: it does not go on after that */
};

/* ckpt-output-error.c */
gboolean ckpt_output_set_errno      (GError                 **error,
                                     const char              *call,
                                     int                      number);

/* ckpt-output-target.c */
gboolean ckpt_output_target_init    (CkptOutputTarget        *self,
                                     const char              *path,
                                     GError                 **error);
void     ckpt_output_target_clear   (CkptOutputTarget        *self);
gboolean ckpt_output_target_check   (const CkptOutputTarget  *self,
                                     const CkptOutputOptions *options,
                                     GError                 **error);
gboolean ckpt_output_target_set_changed (GError             **error);
gboolean ckpt_output_target_recheck (const CkptOutputTarget  *self,
                                     GError                 **error);

/* ckpt-output-temporary.c */
char    *ckpt_output_temporary_stem (const char              *name);
gboolean ckpt_output_is_temporary   (const char              *name,
                                     const char              *stem);
gboolean ckpt_output_make_temporary (CkptOutput              *self,
                                     GError                 **error);
char    *ckpt_output_temporary_name (const char              *name);

/* ckpt-output-space.c */
gboolean ckpt_output_reserve        (CkptOutput              *self,
                                     GError                 **error);
gboolean ckpt_output_set_full       (CkptOutput              *self,
                                     const char              *call,
                                     int                      number,
                                     GError                 **error);

/* ckpt-output-write.c */
gboolean ckpt_output_fail           (CkptOutput              *self,
                                     GError                  *failure,
                                     GError                 **error);
gboolean ckpt_output_fail_call      (CkptOutput              *self,
                                     const char              *call,
                                     int                      number,
                                     GError                 **error);
gboolean ckpt_output_check_next     (CkptOutput              *self,
                                     guint64                  length,
                                     GError                 **error);
gboolean ckpt_output_flush          (CkptOutput              *self,
                                     GError                 **error);
gboolean ckpt_output_pwrite         (CkptOutput              *self,
                                     const void              *bytes,
                                     gsize                    length,
                                     GError                 **error);
gboolean ckpt_output_advance        (CkptOutput              *self,
                                     guint64                  n_bytes,
                                     GError                 **error);

/* ckpt-output-copy.c */
gboolean ckpt_output_probe_clone    (CkptOutput              *self,
                                     GError                 **error);
gboolean ckpt_output_check_sources  (CkptOutput              *self,
                                     GError                 **error);

/* ckpt-output-meta.c */
gboolean ckpt_output_copy_meta      (CkptOutput              *self,
                                     CkptOutputNotes         *notes,
                                     GError                 **error);

/* ckpt-output-place.c */
gboolean ckpt_output_place          (CkptOutput              *self,
                                     CkptOutputNotes         *notes,
                                     GError                 **error);

G_END_DECLS
