/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <ckpt.h>

G_BEGIN_DECLS

/* What goes to standard error: one line each, `FILE: RECORD: byte N (file M): sentence [code]`. */

void message_error   (const char        *file,
                      const GError      *error);
void message_value_error (const char    *file,
                          const char    *path,
                          const GError  *error);
void message_output_error (const GError *error);
void message_warning (const char        *file,
                      const CkptWarning *warning);
void message_note    (const char        *file,
                      const char        *format,
                      ...) G_GNUC_PRINTF (2, 3);

G_END_DECLS
