/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <ckpt.h>

G_BEGIN_DECLS

GPtrArray *edit_words_take    (const GOptionEntry   *entries,
                               int                   argc,
                               char                **argv,
                               GPtrArray            *left,
                               GError              **error);
char      *edit_words_help    (const char           *intro);

G_END_DECLS
