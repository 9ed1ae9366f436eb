/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A checkpoint in memory that can be changed and opened again and again. */
typedef struct
{
  int fd;
  char *path;
} FuzzFile;

void     fuzz_file_init  (FuzzFile   *self);
void     fuzz_file_clear (FuzzFile   *self);
void     fuzz_file_set   (FuzzFile   *self,
                          const void *content,
                          gsize       length);
void     fuzz_file_poke  (FuzzFile   *self,
                          gsize       offset,
                          guint8      byte);
void     fuzz_file_cut   (FuzzFile   *self,
                          gsize       length);
/* Opens it and goes through what views ask for. Aborts where a promise is broken; TRUE if it opened. */
gboolean fuzz_file_open  (FuzzFile   *self);

G_END_DECLS
