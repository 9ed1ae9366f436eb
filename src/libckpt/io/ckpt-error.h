/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "io/ckpt-macros.h"

G_BEGIN_DECLS

#define CKPT_ERROR (ckpt_error_quark ())

/**
 * CkptError:
 * @CKPT_ERROR_NOT_RECOGNIZED: the content is no checkpoint
 * @CKPT_ERROR_TRUNCATED: the file ends before what it announces
 * @CKPT_ERROR_MALFORMED: the content breaks the rules of its format
 * @CKPT_ERROR_UNSUPPORTED: a checkpoint of a kind that this library does not read
 * @CKPT_ERROR_LIMIT: one of the limits of `ckpt-limits.h` was reached
 * @CKPT_ERROR_NO_SUCH_PATH: no value at that path
 * @CKPT_ERROR_INVALID_EDIT: the edit cannot be done
 * @CKPT_ERROR_CHANGED_ON_DISK: the file is not the one that was opened
 * @CKPT_ERROR_CONSENT: the file would be replaced at a price that its owner is to be asked about first
 * @CKPT_ERROR_SAVE: the new file could not be written or put into its place; what was there is whole
 *
 * Errors of the operating system stay in the G_IO_ERROR domain.
 */
typedef enum
{
  CKPT_ERROR_NOT_RECOGNIZED,
  CKPT_ERROR_TRUNCATED,
  CKPT_ERROR_MALFORMED,
  CKPT_ERROR_UNSUPPORTED,
  CKPT_ERROR_LIMIT,
  CKPT_ERROR_NO_SUCH_PATH,
  CKPT_ERROR_INVALID_EDIT,
  CKPT_ERROR_CHANGED_ON_DISK,
  CKPT_ERROR_CONSENT,
  CKPT_ERROR_SAVE,
} CkptError;

/* A place that is not known, or does not apply. */
#define CKPT_NO_OFFSET G_MAXUINT64

/**
 * CkptPlace:
 * @code: stable name of what is wrong, such as "pickle-truncated"; never translated
 * @record: (nullable): the record it is in, such as "archive/data.pkl"
 * @offset: byte within the record, or %CKPT_NO_OFFSET
 * @file_offset: byte within the file, or %CKPT_NO_OFFSET
 * @element: (nullable): the opcode or field at that place, such as "BINUNICODE"
 *
 * Where something is wrong, for a programmer. The sentence for a person is the message of the error or warning.
 */
typedef struct
{
  char *code;
  char *record;
  guint64 offset;
  guint64 file_offset;
  char *element;
} CkptPlace;

CKPT_EXPORT GQuark           ckpt_error_quark     (void);
CKPT_EXPORT const CkptPlace *ckpt_error_get_place (const GError *error);
CKPT_EXPORT const char      *ckpt_error_get_code  (const GError *error);
CKPT_EXPORT char            *ckpt_place_to_string (const CkptPlace *place);

CKPT_EXPORT gboolean         ckpt_error_set       (GError         **error,
                                                   CkptError        error_code,
                                                   const char      *code,
                                                   const char      *format,
                                                   ...) G_GNUC_PRINTF (4, 5);

/* For the library's own files. */
void    ckpt_place_clear     (CkptPlace *place);
GError *ckpt_error_new       (CkptError   error_code,
                              const char *code,
                              const char *format,
                              ...) G_GNUC_PRINTF (3, 4);
gboolean ckpt_error_set_at   (GError    **error,
                              CkptError   error_code,
                              const char *code,
                              const char *record,
                              guint64     offset,
                              guint64     file_offset,
                              const char *format,
                              ...) G_GNUC_PRINTF (7, 8);
void    ckpt_error_set_place (GError     *error,
                              const char *record,
                              guint64     offset,
                              guint64     file_offset,
                              const char *element);

G_END_DECLS
