/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session.h"

G_BEGIN_DECLS

/**
 * Result:
 * @to: (nullable) (type filename): the folder that results go to
 * @in_place: whether they replace their checkpoints
 * @force: whether they replace other files
 * @backup: whether what is replaced is kept
 * @dry_run: whether nothing is written
 * @format: (nullable): the name of a container
 * @leaves_out: whether what the container has no place for is left out
 * @wants_json: whether to write JSON
 * @output: (nullable) (type filename): where the only result goes
 * @write: how it is written
 * @notes: (nullable) (element-type utf8): what there is to know of the result being told: sentences
 *
 * What options say of the files that a command writes.
 */
typedef struct
{
  char *to;
  gboolean in_place;
  gboolean force;
  gboolean backup;
  gboolean dry_run;
  char *format;
  gboolean leaves_out;
  gboolean wants_json;
  const char *output;
  CkptWriteOptions write;
  GPtrArray *notes;
} Result;

#define RESULT_ENTRIES(self)                                                                                                                \
  { "to", 't', 0, G_OPTION_ARG_FILENAME, &(self)->to, N_ ("Write results into a folder"), N_ ("DIR") },                                     \
  { "force", 'f', 0, G_OPTION_ARG_NONE, &(self)->force, N_ ("Replace a file that is there"), NULL },                                        \
  { "backup", 0, 0, G_OPTION_ARG_NONE, &(self)->backup, N_ ("Keep a file that is replaced, with ~ behind its name"), NULL },                \
  { "dry-run", 'n', 0, G_OPTION_ARG_NONE, &(self)->dry_run, N_ ("Tell each change, and write nothing"), NULL },                             \
  { "format", 0, 0, G_OPTION_ARG_STRING, &(self)->format, N_ ("Write a zip, legacy or safetensors file"), N_ ("FORMAT") },                  \
  { "leave-out", 0, 0, G_OPTION_ARG_NONE, &(self)->leaves_out, N_ ("Leave out what the format has no place for"), NULL },                   \
  { "json", 0, 0, G_OPTION_ARG_NONE, &(self)->wants_json, N_ ("Write JSON"), NULL }

void       result_clear           (Result           *self);
gboolean   result_read_format     (const Result     *self,
                                   CkptContainer    *container,
                                   gboolean         *is_given);
guint      result_count_inputs    (Result           *self,
                                   char            **words);
char      *result_dup_path        (const Result     *self,
                                   const char       *input,
                                   const char       *name,
                                   GError          **error);
gboolean   result_check_path      (const Result     *self,
                                   CkptTree         *former,
                                   const char       *path,
                                   GError          **error);
gboolean   result_write           (const Result     *self,
                                   Session          *session,
                                   CkptTree         *tree,
                                   CkptTree         *former,
                                   const char       *path,
                                   GError          **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Result, result_clear)

G_END_DECLS
