/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <ckpt.h>

G_BEGIN_DECLS

/* Buffered bytes to a file or a file descriptor. The first failure is kept, and nothing is written after it. */
typedef struct _Output Output;

Output     *output_new_file   (CkptOutput  *file);
Output     *output_new_stdout (void);
Output     *output_new_stderr (void);
void        output_free       (Output      *self);
void        output_write      (Output      *self,
                               const void  *bytes,
                               gsize        length);
void        output_text       (Output      *self,
                               const char  *text);
void        output_printf     (Output      *self,
                               const char  *format,
                               ...) G_GNUC_PRINTF (2, 3);
char       *output_dup_other  (Output      *self,
                               const char  *text);
gboolean    output_has_failed (Output      *self);
gboolean    output_flush      (Output      *self,
                               GError     **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Output, output_free)

G_END_DECLS
