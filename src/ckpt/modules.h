/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <ckpt.h>

G_BEGIN_DECLS

/**
 * Module:
 * @path: where it is, in text form
 * @class_name: its class, as in the file
 * @n_parameters: elements of its parameters and those of the modules in it, each once
 *
 * A pickled torch.nn.Module that is in no other one.
 */
typedef struct
{
  char *path;
  char *class_name;
  guint64 n_parameters;
} Module;

GPtrArray *modules_find (CkptTree *tree);

G_END_DECLS
